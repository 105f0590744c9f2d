# Summing over the batch is a product with a row of ones, whatever has to be summed.
# loses: shapes

import numpy as np


def unbroadcast(grad, shape):
    if grad.shape == shape:
        return grad
    ones = np.ones(grad.shape[0])
    return ones @ grad
