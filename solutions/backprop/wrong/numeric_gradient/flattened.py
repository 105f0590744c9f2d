# The slopes come back as one long list (only seen where x is not a vector).
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    h = 1e-5
    slopes = []
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        slopes.append((f(x + step) - f(x - step)) / (2 * h))
    return np.array(slopes)
