# The value before minus the value after: the slope with the wrong sign.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        after = f(x)
        x[i] = old - h
        before = f(x)
        x[i] = old
        grad[i] = (before - after) / (2 * h)
    return grad
