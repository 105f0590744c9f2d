# The loop over the rows ends one row early when a bias is summed.
# loses: shapes hard

import numpy as np


def add_backward(grad_out, a, b):
    if a.shape == b.shape:
        return grad_out, grad_out
    grad_b = np.zeros(b.shape)
    for n in range(len(grad_out) - 1):
        grad_b += grad_out[n]
    return grad_out, grad_b
