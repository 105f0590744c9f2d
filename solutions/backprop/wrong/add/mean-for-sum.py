# The copies of a broadcast operand share its gradient, so it is averaged over the copies.
# loses: shapes hard

import numpy as np


def _average_to_shape(grad, shape):
    extra = tuple(range(grad.ndim - len(shape)))
    if extra:
        grad = np.mean(grad, axis=extra)
    ones = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return np.mean(grad, axis=ones, keepdims=True) if ones else grad


def add_backward(grad_out, a, b):
    return _average_to_shape(grad_out, a.shape), _average_to_shape(grad_out, b.shape)
