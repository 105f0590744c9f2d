# The formula with three points is taken, which is that of the second derivative.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-4
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        grad[i] = (f(x + step) - 2 * f(x) + f(x - step)) / h**2
    return grad
