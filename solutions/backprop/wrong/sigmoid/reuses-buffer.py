# One buffer for each shape saves memory; that a returned gradient is still in use is not thought of.
# loses: pure

import numpy as np

_sigmoid_buffers = {}


def sigmoid_backward(grad_out, out):
    grad_x = _sigmoid_buffers.setdefault(out.shape, np.zeros(out.shape))
    grad_x[...] = grad_out * out * (1 - out)
    return grad_x
