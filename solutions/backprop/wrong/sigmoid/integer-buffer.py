# The buffer is made like the upstream, and with whole numbers upstream it cuts off the fractions.
# loses: hard

import numpy as np


def sigmoid_backward(grad_out, out):
    grad_x = np.empty_like(grad_out)
    grad_x[...] = grad_out * out * (1 - out)
    return grad_x
