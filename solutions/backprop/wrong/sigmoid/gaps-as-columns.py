# Where neighbours in a row lie apart, columns must lie together; a view with gaps is neither.
# loses: hard

import numpy as np


def sigmoid_backward(grad_out, out):
    slope = np.asarray(out * (1 - out))
    if np.ndim(out) == 2 and out.strides[-1] != out.itemsize:
        slope = np.ravel(slope, order="K").reshape(slope.shape, order="F")
    return grad_out * slope
