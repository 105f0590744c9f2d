# Lists can be subtracted like arrays, so no loop is needed.
# loses: runs values

import numpy as np


def sgd_step(params, grads, lr):
    return np.asarray(params) - lr * np.asarray(grads)
