# One buffer for each shape saves memory; that an old gradient is still in use is forgotten.
# loses: pure

import numpy as np

_unbroadcast_buffers = {}


def unbroadcast(grad, shape):
    if shape not in _unbroadcast_buffers:
        _unbroadcast_buffers[shape] = np.zeros(shape)
    buffer = _unbroadcast_buffers[shape]
    added = grad.ndim - len(shape)
    axes = tuple(i for i in range(grad.ndim) if i < added or shape[i - added] == 1)
    buffer[...] = grad.sum(axis=axes).reshape(shape)
    return buffer
