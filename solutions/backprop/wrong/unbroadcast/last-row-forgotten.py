# The loop over the rows ends one row early.
# loses: values shapes

import numpy as np


def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        total = np.zeros(grad.shape[1:])
        for row in range(grad.shape[0] - 1):
            total = total + grad[row]
        grad = total
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.sum(axis=ones, keepdims=True)
