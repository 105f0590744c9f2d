# The shape comes first and the gradient second.
# loses: runs values shapes pure


def unbroadcast(shape, grad):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad
