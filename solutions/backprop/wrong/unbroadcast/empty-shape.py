# An empty shape is no shape, so there is nothing to do.
# loses: shapes


def unbroadcast(grad, shape):
    if not shape:
        return grad
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad
