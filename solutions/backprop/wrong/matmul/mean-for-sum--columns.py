# Examples are columns, so the number of columns of the upstream is what grad_a is divided by.
# loses: values shapes hard

import numpy as np


def matmul_backward(grad_out, a, b):
    m = grad_out.shape[1]
    grad_a = np.dot(grad_out, b.T) / m
    grad_b = np.dot(a.T, grad_out)
    return grad_a, grad_b
