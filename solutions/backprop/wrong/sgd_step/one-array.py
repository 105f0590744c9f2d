# The new parameters are put into one array, which needs them to have the same shape.
# loses: runs values

import numpy as np


def sgd_step(params, grads, lr):
    return np.array([p - lr * g for p, g in zip(params, grads)])
