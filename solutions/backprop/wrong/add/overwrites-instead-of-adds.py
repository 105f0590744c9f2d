# The loop over the output sets the entry that belongs to each operand, instead of adding to it.
# loses: shapes hard

import numpy as np


def add_backward(grad_out, a, b):
    grad_a, grad_b = np.zeros(a.shape), np.zeros(b.shape)
    for index in np.ndindex(grad_out.shape):
        for grad in (grad_a, grad_b):
            tail = index[len(index) - grad.ndim :]
            home = tuple(0 if size == 1 else i for i, size in zip(tail, grad.shape))
            grad[home] = grad_out[index]
    return grad_a, grad_b
