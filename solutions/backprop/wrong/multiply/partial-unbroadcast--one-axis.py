# At most one axis is ever stretched: the search stops at the first one.
# loses: shapes


def _fit_to_shape(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1 and grad.shape[axis] > 1:
            grad = grad.sum(axis=axis, keepdims=True)
            break
    return grad


def multiply_backward(grad_out, a, b):
    return _fit_to_shape(grad_out * b, a.shape), _fit_to_shape(grad_out * a, b.shape)
