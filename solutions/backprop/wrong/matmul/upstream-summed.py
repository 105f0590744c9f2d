# The upstream is one number: the sum of grad_out, spread over the output.
# loses: values shapes hard

import numpy as np


def matmul_backward(grad_out, a, b):
    total = np.full(grad_out.shape, grad_out.sum())
    return total @ b.T, a.T @ total
