# Axes of size 1 are leftovers of keepdims, so they are squeezed out at the end.
# loses: shapes

import numpy as np


def unbroadcast(grad, shape):
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i, size in enumerate(padded) if size == 1)
    return np.squeeze(grad.sum(axis=axes, keepdims=True))
