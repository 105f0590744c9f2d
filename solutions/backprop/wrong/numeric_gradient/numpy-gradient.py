# np.gradient works out gradients; that it takes differences of neighbours is not known.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x):
    return np.gradient(x, 1e-5)
