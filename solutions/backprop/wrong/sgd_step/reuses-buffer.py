# One long buffer for all parameters saves memory; that the old ones are still in use is forgotten.
# loses: pure

import numpy as np

_sgd_buffer = np.zeros(100_000)


def sgd_step(params, grads, lr):
    new_params = []
    start = 0
    for param, grad in zip(params, grads):
        place = _sgd_buffer[start : start + param.size].reshape(param.shape)
        place[...] = param - lr * grad
        new_params.append(place)
        start += param.size
    return new_params
