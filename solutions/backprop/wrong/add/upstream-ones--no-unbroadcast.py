# The upstream is overwritten with ones of the output's shape, and nobody sums them.
# loses: values shapes hard

import numpy as np


def add_backward(grad_out, a, b):
    out = a + b
    grad_out = np.ones(out.shape)
    return grad_out, grad_out
