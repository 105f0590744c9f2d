# Upstream times the operand itself: the derivative of a is taken to be a.
# loses: values shapes hard


def _sum_to_shape(grad, shape):
    added = grad.ndim - len(shape)
    axes = tuple(range(added)) + tuple(added + i for i, n in enumerate(shape) if n == 1)
    return grad.sum(axis=axes).reshape(shape)


def add_backward(grad_out, a, b):
    return _sum_to_shape(grad_out * a, a.shape), _sum_to_shape(grad_out * b, b.shape)
