# First sum the upstream and the other operand to the right shape, then multiply the two sums.
# loses: shapes hard

import numpy as np


def _fit_to_shape(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def multiply_backward(grad_out, a, b):
    wide_a, wide_b = np.broadcast_arrays(a, b)
    grad_a = _fit_to_shape(grad_out, a.shape) * _fit_to_shape(wide_b, a.shape)
    grad_b = _fit_to_shape(grad_out, b.shape) * _fit_to_shape(wide_a, b.shape)
    return grad_a, grad_b
