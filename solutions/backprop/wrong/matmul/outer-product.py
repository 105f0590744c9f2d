# The gradient of the weights is the outer product of input and upstream, as for one example.
# loses: runs values shapes hard

import numpy as np


def matmul_backward(grad_out, a, b):
    return grad_out @ b.T, np.outer(a, grad_out)
