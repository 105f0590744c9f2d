# Upstream times local gradient is read as a matrix product.
# loses: runs values shapes hard

import numpy as np


def sigmoid_backward(grad_out, out):
    return np.dot(grad_out, (out * (1 - out)).T)
