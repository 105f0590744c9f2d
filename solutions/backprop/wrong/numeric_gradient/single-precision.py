# Single precision is plenty, and a step of 1e-7 fits into it.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = np.float32(1e-7)
    x = x.astype(np.float32)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        plus = f(x)
        x[i] = old - h
        minus = f(x)
        x[i] = old
        grad[i] = (plus - minus) / (2 * h)
    return grad
