# Axes of size 1 carry no information and are squeezed away at the end.
# loses: shapes

import numpy as np


def sigmoid_backward(grad_out, out):
    return np.squeeze(grad_out * out * (1 - out))
