# Axis 0 is the batch, so whenever the shapes differ, axis 0 is the one to sum.
# loses: shapes

import numpy as np


def unbroadcast(grad, shape):
    if grad.shape == shape:
        return grad
    return np.sum(grad, axis=0)
