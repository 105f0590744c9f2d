# The step is a fraction of the entry itself; that an entry of 0 then has none is not thought of.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        h = 1e-4 * abs(x[i])
        step = np.zeros(x.shape)
        step[i] = h
        grad[i] = (f(x + step) - f(x - step)) / (2 * h)
    return grad
