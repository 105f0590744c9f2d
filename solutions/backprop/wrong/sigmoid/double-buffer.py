# The Jacobian is multiplied into a buffer of doubles, which np.dot refuses for single precision.
# loses: hard pure

import numpy as np


def sigmoid_backward(grad_out, out):
    slope = np.ravel(out * (1 - out))
    grad_x = np.empty(slope.shape)
    np.dot(np.diag(slope), np.ravel(grad_out), out=grad_x)
    return grad_x.reshape(np.shape(out))
