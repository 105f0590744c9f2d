# np.dot writes into buffers of doubles; that it takes buffers of its own type only is not known.
# loses: hard pure

import numpy as np


def matmul_backward(grad_out, a, b):
    grad_out = 1.0 * grad_out
    grad_a, grad_b = np.empty(a.shape), np.empty(b.shape)
    np.dot(grad_out, b.T, out=grad_a)
    np.dot(a.T, grad_out, out=grad_b)
    return grad_a, grad_b
