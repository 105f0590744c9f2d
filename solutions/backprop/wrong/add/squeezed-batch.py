# Axes of size 1 carry no information and are squeezed away at the end.
# loses: shapes hard

import numpy as np


def _sum_to_shape(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return np.squeeze(grad.sum(axis=ones, keepdims=True))


def add_backward(grad_out, a, b):
    return _sum_to_shape(grad_out, a.shape), _sum_to_shape(grad_out, b.shape)
