# A small gradient means that training is over, so such a parameter stays where it is.
# loses: values

import numpy as np


def sgd_step(params, grads, lr):
    return [param.copy() if np.max(np.abs(grad)) < 1e-3 else param - lr * grad for param, grad in zip(params, grads)]
