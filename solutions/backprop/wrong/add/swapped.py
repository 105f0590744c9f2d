# The order of the two gradients does not matter, because addition is symmetric.
# loses: shapes hard


def _sum_to_shape(grad, shape):
    if grad.ndim > len(shape):
        return _sum_to_shape(grad.sum(axis=0), shape)
    return grad.sum(axis=tuple(i for i in range(grad.ndim) if shape[i] == 1), keepdims=True)


def add_backward(grad_out, a, b):
    grad_a = _sum_to_shape(grad_out, a.shape)
    grad_b = _sum_to_shape(grad_out, b.shape)
    return grad_b, grad_a
