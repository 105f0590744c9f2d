# At most one axis is ever stretched: the search stops at the first one.
# loses: shapes


def _sum_to_shape(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1 and grad.shape[axis] > 1:
            return grad.sum(axis=axis, keepdims=True)
    return grad


def add_backward(grad_out, a, b):
    return _sum_to_shape(grad_out, a.shape), _sum_to_shape(grad_out, b.shape)
