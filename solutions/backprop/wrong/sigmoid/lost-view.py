# reshape(-1) is taken for a window on the same memory; for a transposed array it is a copy.
# loses: hard

import numpy as np


def sigmoid_backward(grad_out, out):
    grad_x = np.zeros_like(out)
    flat = grad_x.reshape(-1)
    for i, (upstream, s) in enumerate(zip(np.ravel(grad_out), np.ravel(out))):
        flat[i] = upstream * s * (1 - s)
    return grad_x
