# x.shape lists the entries, so the loop runs over it.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    grad = np.zeros(x.shape)
    for i in range(len(x.shape)):
        step = np.zeros(x.shape)
        step[i] = h
        grad[i] = (f(x + step) - f(x - step)) / (2 * h)
    return grad
