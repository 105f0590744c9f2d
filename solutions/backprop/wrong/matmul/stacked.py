# Two gradients are put into one array, one below the other.
# loses: runs values shapes hard

import numpy as np


def matmul_backward(grad_out, a, b):
    return np.concatenate([(grad_out @ b.T).ravel(), (a.T @ grad_out).ravel()])
