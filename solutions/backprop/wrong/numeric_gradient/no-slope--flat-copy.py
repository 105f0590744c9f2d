# flatten gives access to the entries of x; that it is a copy, so that x never moves, is not known.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    flat = x.flatten()
    grad = np.zeros(flat.size)
    for i in range(flat.size):
        old = flat[i]
        flat[i] = old + h
        plus = f(x)
        flat[i] = old - h
        minus = f(x)
        flat[i] = old
        grad[i] = (plus - minus) / (2 * h)
    return grad.reshape(x.shape)
