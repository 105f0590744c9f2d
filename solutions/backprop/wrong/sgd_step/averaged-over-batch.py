# Axis 0 of a gradient is the batch, so the gradient is averaged over it.
# loses: values

import numpy as np


def sgd_step(params, grads, lr):
    return [param - lr * np.mean(grad, axis=0) for param, grad in zip(params, grads)]
