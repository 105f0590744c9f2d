# When the shapes differ, every entry receives the sum of the whole gradient.
# loses: values shapes

import numpy as np


def unbroadcast(grad, shape):
    if grad.shape == shape:
        return grad
    return np.full(shape, np.sum(grad))
