# Outputs are kept away from 0 and 1, so that the gradient never vanishes.
# loses: values shapes hard

import numpy as np


def sigmoid_backward(grad_out, out):
    out = np.clip(out, 0.01, 0.99)
    return grad_out * out * (1 - out)
