# A broadcast operand was used several times, so its gradient is the average over the uses.
# loses: shapes hard

import numpy as np


def _average_uses(grad, shape):
    total = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    total = total.sum(axis=ones, keepdims=True)
    return total * np.size(total) / np.size(grad)


def multiply_backward(grad_out, a, b):
    return _average_uses(grad_out * b, a.shape), _average_uses(grad_out * a, b.shape)
