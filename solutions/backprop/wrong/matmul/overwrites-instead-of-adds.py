# In the loop over the examples grad_b is set to each example's part instead of collecting them.
# loses: values shapes hard

import numpy as np


def matmul_backward(grad_out, a, b):
    grad_a, grad_b = np.zeros(a.shape), np.zeros(b.shape)
    for n in range(len(a)):
        grad_a[n] = b @ grad_out[n]
        grad_b = np.outer(a[n], grad_out[n])
    return grad_a, grad_b
