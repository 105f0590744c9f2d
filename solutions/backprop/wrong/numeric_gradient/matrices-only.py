# There are rows and columns, and nothing else.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    rows, columns = x.shape
    grad = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            old = x[i, j]
            x[i, j] = old + h
            plus = f(x)
            x[i, j] = old - h
            minus = f(x)
            x[i, j] = old
            grad[i, j] = (plus - minus) / (2 * h)
    return grad
