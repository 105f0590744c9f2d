# The argument is taken for x, so the sigmoid is applied to it once more.
# loses: values shapes hard

import numpy as np


def sigmoid_backward(grad_out, out):
    s = 1 / (1 + np.exp(-out))
    return grad_out * s * (1 - s)
