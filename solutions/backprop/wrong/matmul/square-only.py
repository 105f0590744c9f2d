# Matrices are n by n, so one size serves for all three loops.
# loses: runs values shapes hard pure

import numpy as np


def matmul_backward(grad_out, a, b):
    n = len(a)
    grad_a, grad_b = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            for k in range(n):
                grad_a[i, k] += grad_out[i, j] * b[k, j]
                grad_b[k, j] += grad_out[i, j] * a[i, k]
    return grad_a, grad_b
