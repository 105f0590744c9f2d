# Only axes of size 1 were stretched, so only they are summed; added axes are not thought of.
# loses: shapes hard

import numpy as np


def _sum_ones(grad, shape):
    return np.sum(grad, axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)


def multiply_backward(grad_out, a, b):
    return _sum_ones(grad_out * b, a.shape), _sum_ones(grad_out * a, b.shape)
