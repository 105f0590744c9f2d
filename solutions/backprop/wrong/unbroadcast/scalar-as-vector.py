# A single number is a vector of length 1, so the shape () becomes (1,).
# loses: shapes

import numpy as np


def unbroadcast(grad, shape):
    shape = shape or (1,)
    grad = np.atleast_1d(grad)
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.sum(axis=ones, keepdims=True)
