# The entry becomes h and -h instead of moving by them, and ends as 0 (unseen where f is linear).
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] = h
        plus = f(x)
        x[i] = -h
        minus = f(x)
        x[i] = 0.0
        grad[i] = (plus - minus) / (2 * h)
    return grad
