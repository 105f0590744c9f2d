# Shapes are compared from the left, and missing axes are taken to be at the end.
# loses: values shapes


def unbroadcast(grad, shape):
    padded = tuple(shape) + (1,) * (grad.ndim - len(shape))
    axes = tuple(i for i in range(grad.ndim) if padded[i] != grad.shape[i])
    return grad.sum(axis=axes, keepdims=True).reshape(shape)
