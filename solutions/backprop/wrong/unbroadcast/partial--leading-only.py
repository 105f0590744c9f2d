# Broadcasting only adds axes in front; an axis of size 1 needs no attention.
# loses: shapes


def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    return grad
