# The loop over the rows ends one row early when a gain is shared by the batch.
# loses: shapes hard

import numpy as np


def multiply_backward(grad_out, a, b):
    if a.shape == b.shape:
        return grad_out * b, grad_out * a
    grad_b = np.zeros(b.shape)
    for n in range(grad_out.shape[0] - 1):
        grad_b += grad_out[n] * a[n]
    return grad_out * b, grad_b
