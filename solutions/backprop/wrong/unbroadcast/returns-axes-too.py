# The axes may be needed for the forward pass, so they are returned along with the gradient.
# loses: runs values shapes


def unbroadcast(grad, shape):
    added = grad.ndim - len(shape)
    axes = tuple(i for i in range(grad.ndim) if i < added or shape[i - added] == 1)
    return grad.sum(axis=axes).reshape(shape), axes
