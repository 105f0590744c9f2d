# With as many entries as wanted nothing was broadcast, so the shape is not looked at.
# loses: shapes

import numpy as np


def unbroadcast(grad, shape):
    if grad.size == np.prod(shape):
        return grad
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad
