# First sum over the axis that is contracted, then multiply the sums.
# loses: values shapes hard

import numpy as np


def matmul_backward(grad_out, a, b):
    grad_a = np.outer(grad_out.sum(axis=1), b.sum(axis=1))
    grad_b = np.outer(a.sum(axis=0), grad_out.sum(axis=0))
    return grad_a, grad_b
