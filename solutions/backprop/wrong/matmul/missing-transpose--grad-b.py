# The transpose is forgotten for grad_b only.
# loses: runs values shapes hard pure

import numpy as np


def matmul_backward(grad_out, a, b):
    grad_a = np.dot(grad_out, b.T)
    grad_b = np.dot(a, grad_out)
    return grad_a, grad_b
