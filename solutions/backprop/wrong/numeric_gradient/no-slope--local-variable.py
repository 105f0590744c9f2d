# Adding h to the variable of the loop moves the entry of x.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    slopes = []
    for value in x.flat:
        value += h
        plus = f(x)
        value -= 2 * h
        minus = f(x)
        value += h
        slopes.append((plus - minus) / (2 * h))
    return np.array(slopes).reshape(x.shape)
