# The entry grows by a fraction h of itself, but the difference is divided by h alone.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old * (1 + h)
        plus = f(x)
        x[i] = old * (1 - h)
        minus = f(x)
        x[i] = old
        grad[i] = (plus - minus) / (2 * h)
    return grad
