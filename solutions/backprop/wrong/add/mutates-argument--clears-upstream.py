# An upstream gradient that has been passed on is set to zero, so that it is not used twice.
# loses: hard pure


def _sum_to_shape(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.sum(axis=ones, keepdims=True)


def add_backward(grad_out, a, b):
    grad_a, grad_b = _sum_to_shape(grad_out, a.shape), _sum_to_shape(grad_out, b.shape)
    grad_out[...] = 0
    return grad_a, grad_b
