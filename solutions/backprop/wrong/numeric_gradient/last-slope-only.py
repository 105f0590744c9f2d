# One number is worked out in the loop, and the last one is returned.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        slope = (f(x + step) - f(x - step)) / (2 * h)
    return slope
