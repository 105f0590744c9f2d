# Half precision is plenty for gradients, as on graphics cards.
# loses: values shapes hard

import numpy as np


def sigmoid_backward(grad_out, out):
    out = np.asarray(out, dtype=np.float16)
    return np.asarray(grad_out, dtype=np.float16) * out * (1 - out)
