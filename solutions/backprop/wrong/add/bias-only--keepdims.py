# The second operand is always a bias that is stored as one row, as in many course notes.
# loses: runs values shapes hard

import numpy as np


def add_backward(grad_out, a, b):
    return grad_out, np.sum(grad_out, axis=0, keepdims=True)
