# The sigmoid is applied again in one of the two factors.
# loses: values shapes hard

import numpy as np


def sigmoid_backward(grad_out, out):
    return grad_out * out * (1 - 1 / (1 + np.exp(-out)))
