# The first index counts columns, so the gradient of a matrix is transposed.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    grad = np.zeros(x.shape[::-1])
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        grad[i[::-1]] = (f(x + step) - f(x - step)) / (2 * h)
    return grad
