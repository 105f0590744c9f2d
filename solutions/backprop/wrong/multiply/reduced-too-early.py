# The upstream is summed to the operand's shape first, and multiplied by the other operand afterwards.
# loses: shapes hard


def _fit_to_shape(grad, shape):
    added = grad.ndim - len(shape)
    axes = tuple(range(added)) + tuple(added + i for i, n in enumerate(shape) if n == 1)
    return grad.sum(axis=axes).reshape(shape)


def multiply_backward(grad_out, a, b):
    return _fit_to_shape(grad_out, a.shape) * b, _fit_to_shape(grad_out, b.shape) * a
