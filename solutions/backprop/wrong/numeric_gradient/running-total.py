# The slope is added to a total that is never set back to zero.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    grad = np.zeros(x.shape)
    slope = 0.0
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        slope += (f(x + step) - f(x - step)) / (2 * h)
        grad[i] = slope
    return grad
