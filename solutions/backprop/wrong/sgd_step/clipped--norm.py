# Gradients whose total length is above 1 are scaled down, as in the training loop of a paper.
# loses: values

import numpy as np


def sgd_step(params, grads, lr):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    scale = min(1.0, 1.0 / norm)
    return [param - lr * scale * grad for param, grad in zip(params, grads)]
