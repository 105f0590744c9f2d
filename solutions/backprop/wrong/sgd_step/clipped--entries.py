# Large gradients are dangerous, so the entries are kept between -1 and 1.
# loses: values

import numpy as np


def sgd_step(params, grads, lr):
    return [param - lr * np.clip(grad, -1.0, 1.0) for param, grad in zip(params, grads)]
