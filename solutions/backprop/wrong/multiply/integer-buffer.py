# zeros_like makes a fitting buffer; that it takes the integer type of the operand too goes unnoticed.
# loses: hard

import numpy as np


def multiply_backward(grad_out, a, b):
    grad_a, grad_b = np.zeros_like(a), np.zeros_like(b)
    for grad, other in ((grad_a, b), (grad_b, a)):
        product = grad_out * other
        extra = tuple(range(product.ndim - grad.ndim))
        ones = tuple(i for i, size in enumerate(grad.shape) if size == 1)
        grad[...] = product.sum(axis=extra).sum(axis=ones, keepdims=True)
    return grad_a, grad_b
