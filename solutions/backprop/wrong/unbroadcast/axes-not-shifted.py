# The axes of size 1 are counted in the shape, and not moved by the axes that grad has in front.
# loses: shapes


def unbroadcast(grad, shape):
    leading = [i for i in range(grad.ndim - len(shape))]
    ones = [i for i, size in enumerate(shape) if size == 1]
    return grad.sum(axis=tuple(leading + ones)).reshape(shape)
