# The second operand is always a gain for each column, so it is always summed over the batch.
# loses: runs values shapes hard

import numpy as np


def multiply_backward(grad_out, a, b):
    return grad_out * b, np.sum(grad_out * a, axis=0)
