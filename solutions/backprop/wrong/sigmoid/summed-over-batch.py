# The contributions of the examples are added up, as for a bias.
# loses: runs values shapes hard

import numpy as np


def sigmoid_backward(grad_out, out):
    return np.sum(grad_out * out * (1 - out), axis=0)
