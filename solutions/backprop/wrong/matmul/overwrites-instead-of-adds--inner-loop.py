# The innermost loop assigns each term of the sum, so the last term is what stays.
# loses: values shapes hard

import numpy as np


def matmul_backward(grad_out, a, b):
    grad_a, grad_b = np.zeros(a.shape), np.zeros(b.shape)
    for n in range(a.shape[0]):
        for d in range(a.shape[1]):
            for h in range(b.shape[1]):
                grad_a[n, d] = grad_out[n, h] * b[d, h]
                grad_b[d, h] = grad_out[n, h] * a[n, d]
    return grad_a, grad_b
