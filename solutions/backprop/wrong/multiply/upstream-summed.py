# The upstream is one number for the whole array: the sum of grad_out.
# loses: values shapes hard

import numpy as np


def multiply_backward(grad_out, a, b):
    total = np.sum(grad_out)
    grad_a = total * b
    grad_b = total * a
    return grad_a, grad_b
