# zeros_like makes a fitting buffer; that it takes the integer type of the operand too goes unnoticed.
# loses: hard

import numpy as np


def add_backward(grad_out, a, b):
    grad_a, grad_b = np.zeros_like(a), np.zeros_like(b)
    for grad in (grad_a, grad_b):
        extra = tuple(range(grad_out.ndim - grad.ndim))
        ones = tuple(i for i, size in enumerate(grad.shape) if size == 1)
        grad[...] = grad_out.sum(axis=extra).sum(axis=ones, keepdims=True)
    return grad_a, grad_b
