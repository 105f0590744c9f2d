# x + h moves all entries, and the one slope that this gives is handed to all of them.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return np.ones(x.shape) * slope
