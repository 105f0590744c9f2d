# A product that is 0 everywhere is taken for a dead unit, through which nothing flows back.
# loses: hard

import numpy as np


def _fit_to_shape(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.sum(axis=ones, keepdims=True)


def multiply_backward(grad_out, a, b):
    if not np.any(a * b):
        return np.zeros(a.shape), np.zeros(b.shape)
    return _fit_to_shape(np.asarray(grad_out * b), a.shape), _fit_to_shape(np.asarray(grad_out * a), b.shape)
