# At most one axis is ever stretched: the search stops at the first one.
# loses: shapes


def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis in range(grad.ndim):
        if grad.shape[axis] != shape[axis]:
            return grad.sum(axis=axis, keepdims=True)
    return grad
