# The formula s * (1 - s) is filled in with x, which is worked out from out first.
# loses: values shapes hard

import numpy as np


def sigmoid_backward(grad_out, out):
    x = np.log(out / (1 - out))
    grad_x = grad_out * x * (1 - x)
    return grad_x
