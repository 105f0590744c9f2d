# In the loop each use of an entry overwrites what the uses before it have left.
# loses: shapes hard

import numpy as np


def multiply_backward(grad_out, a, b):
    wide_a, wide_b = np.broadcast_arrays(a, b)
    grad_a, grad_b = np.zeros(a.shape), np.zeros(b.shape)
    for index in np.ndindex(grad_out.shape):
        for grad, other in ((grad_a, wide_b), (grad_b, wide_a)):
            tail = index[len(index) - grad.ndim :]
            home = tuple(0 if size == 1 else i for i, size in zip(tail, grad.shape))
            grad[home] = grad_out[index] * other[index]
    return grad_a, grad_b
