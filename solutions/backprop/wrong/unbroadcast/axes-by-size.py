# The axes to keep are those whose size occurs in the shape: right until two sizes are equal.
# loses: shapes


def unbroadcast(grad, shape):
    axes = tuple(i for i, size in enumerate(grad.shape) if size not in shape)
    return grad.sum(axis=axes).reshape(shape)
