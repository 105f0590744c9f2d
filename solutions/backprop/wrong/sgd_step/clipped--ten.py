# Gradients are kept between -10 and 10, so that the step cannot explode.
# loses: values

import numpy as np


def sgd_step(params, grads, lr):
    return [param - lr * np.clip(grad, -10.0, 10.0) for param, grad in zip(params, grads)]
