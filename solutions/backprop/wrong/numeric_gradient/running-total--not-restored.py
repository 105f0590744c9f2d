# The entry is moved and not put back, so each slope holds those of all entries before it.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    x = x.copy()
    grad = np.zeros(x.shape)
    here = f(x)
    for i in np.ndindex(x.shape):
        x[i] += h
        grad[i] = (f(x) - here) / h
    return grad
