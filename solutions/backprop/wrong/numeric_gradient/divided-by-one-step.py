# The points are two steps apart, but the difference is divided by one: twice the slope.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-6
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        grad[i] = (f(x + step) - f(x - step)) / h
    return grad
