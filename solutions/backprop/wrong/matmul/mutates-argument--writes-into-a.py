# a has the shape of grad_a and is not needed any more, so it is used as the buffer.
# loses: hard pure

import numpy as np


def matmul_backward(grad_out, a, b):
    grad_b = a.T @ grad_out
    np.matmul(grad_out, b.T, out=a)
    return a, grad_b
