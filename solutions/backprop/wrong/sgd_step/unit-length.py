# A gradient is a direction, so it is divided by its length.
# loses: values

import numpy as np


def sgd_step(params, grads, lr):
    new_params = []
    for param, grad in zip(params, grads):
        length = np.linalg.norm(grad)
        new_params.append(param - lr * grad / (length + 1e-8))
    return new_params
