# The entries are worked out one by one, and come back as one long list.
# loses: runs values shapes hard

import numpy as np


def sigmoid_backward(grad_out, out):
    pairs = zip(np.ravel(grad_out), np.ravel(out))
    return np.array([upstream * s * (1 - s) for upstream, s in pairs])
