# f is a function of one number, so it is called with the single entry.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        grad[i] = (f(x[i] + h) - f(x[i] - h)) / (2 * h)
    return grad
