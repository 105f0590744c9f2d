# Upstream times local for the first operand; for the second the upstream is forgotten.
# loses: values shapes hard

import numpy as np


def _fit_to_shape(grad, shape):
    added = grad.ndim - len(shape)
    axes = tuple(range(added)) + tuple(added + i for i, n in enumerate(shape) if n == 1)
    return grad.sum(axis=axes).reshape(shape)


def multiply_backward(grad_out, a, b):
    a_stretched = np.broadcast_to(a, np.shape(grad_out))
    return _fit_to_shape(grad_out * b, a.shape), _fit_to_shape(a_stretched, b.shape)
