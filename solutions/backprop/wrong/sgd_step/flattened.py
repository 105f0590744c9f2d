# All parameters are one long vector, and it comes back as one.
# loses: runs values

import numpy as np


def sgd_step(params, grads, lr):
    flat_params = np.concatenate([np.ravel(p) for p in params])
    flat_grads = np.concatenate([np.ravel(g) for g in grads])
    return flat_params - lr * flat_grads
