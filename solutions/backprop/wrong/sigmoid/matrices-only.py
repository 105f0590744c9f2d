# There are always rows and columns, so two loops reach every entry.
# loses: shapes hard pure

import numpy as np


def sigmoid_backward(grad_out, out):
    N, D = out.shape
    grad_x = np.zeros((N, D))
    for n in range(N):
        for d in range(D):
            grad_x[n, d] = grad_out[n, d] * out[n, d] * (1 - out[n, d])
    return grad_x
