# The change is compared with the value of f, as in percent.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    grad = np.zeros(x.shape)
    here = f(x)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        grad[i] = (f(x + step) - f(x - step)) / (2 * h * here)
    return grad
