# Arrays are flattened in the order in which memory holds them, which need not be row by row.
# loses: hard

import numpy as np


def sigmoid_backward(grad_out, out):
    flat = np.ravel(grad_out, order="K") * np.ravel(out * (1 - out), order="K")
    return flat.reshape(np.shape(out))
