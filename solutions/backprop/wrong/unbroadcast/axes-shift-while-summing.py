# The axes are summed one by one; that the later ones move to the left each time is forgotten.
# loses: shapes


def unbroadcast(grad, shape):
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    axes = [i for i, size in enumerate(padded) if size == 1]
    for axis in axes:
        grad = grad.sum(axis=axis)
    return grad.reshape(shape)
