# zeros_like makes a fitting buffer; that it takes the integer type of the operand too goes unnoticed.
# loses: hard

import numpy as np


def matmul_backward(grad_out, a, b):
    grad_a = np.zeros_like(a)
    grad_b = np.zeros_like(b)
    grad_a[:] = np.dot(grad_out, b.T)
    grad_b[:] = np.dot(a.T, grad_out)
    return grad_a, grad_b
