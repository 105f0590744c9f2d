# The loop over the batch stops one example early.
# loses: values shapes hard

import numpy as np


def matmul_backward(grad_out, a, b):
    grad_b = np.zeros(b.shape)
    for n in range(a.shape[0] - 1):
        grad_b += np.outer(a[n], grad_out[n])
    return grad_out @ b.T, grad_b
