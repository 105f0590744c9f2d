# The upstream is one number for the whole array: the sum of grad_out.
# loses: values shapes hard

import numpy as np


def sigmoid_backward(grad_out, out):
    total = np.sum(grad_out)
    return total * out * (1 - out)
