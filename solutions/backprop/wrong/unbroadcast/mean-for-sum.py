# A broadcast operand was used several times, so its gradient is the average over the uses.
# loses: values shapes


def unbroadcast(grad, shape):
    grad = grad.mean(axis=tuple(range(grad.ndim - len(shape))))
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.mean(axis=ones, keepdims=True)
