# (plus - minus) / 2 * h: divided by 2, and multiplied by h.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-4
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        grad[i] = (f(x + step) - f(x - step)) / 2 * h
    return grad
