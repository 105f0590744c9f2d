# A single number is a vector of length 1, so a 0-d input gets a gradient of shape (1,).
# loses: hard

import numpy as np


def sigmoid_backward(grad_out, out):
    grad_out, out = np.atleast_1d(grad_out, out)
    return grad_out * out * (1 - out)
