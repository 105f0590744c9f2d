# The function gets x as a third argument, because the derivative is one of x.
# loses: runs values shapes hard pure

import numpy as np


def sigmoid_backward(grad_out, out, x):
    return grad_out * np.exp(-x) / (1 + np.exp(-x)) ** 2
