# One index runs through rows and columns at the same time, so only the diagonal is looked at.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    grad = np.zeros(x.shape)
    for i in range(min(x.shape, default=1)):
        entry = (i,) * x.ndim
        old = x[entry]
        x[entry] = old + h
        plus = f(x)
        x[entry] = old - h
        minus = f(x)
        x[entry] = old
        grad[entry] = (plus - minus) / (2 * h)
    return grad
