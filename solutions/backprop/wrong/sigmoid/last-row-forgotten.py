# The loop over the rows stops one row early.
# loses: values shapes hard

import numpy as np


def sigmoid_backward(grad_out, out):
    grad_x = np.zeros(out.shape)
    for n in range(len(out) - 1):
        grad_x[n] = grad_out[n] * out[n] * (1 - out[n])
    return grad_x
