# The second value is taken at x itself, but the difference is divided by two steps: half the slope.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    grad = np.zeros(x.shape)
    here = f(x)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] += h
        grad[i] = (f(x) - here) / (2 * h)
        x[i] = old
    return grad
