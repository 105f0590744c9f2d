# Slopes are collected in the order in which memory holds x, which need not be row by row.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    slopes = []
    with np.nditer(x, op_flags=["readwrite"]) as entries:
        for entry in entries:
            old = float(entry)
            entry[...] = old + h
            plus = f(x)
            entry[...] = old - h
            minus = f(x)
            entry[...] = old
            slopes.append((plus - minus) / (2 * h))
    return np.array(slopes).reshape(x.shape)
