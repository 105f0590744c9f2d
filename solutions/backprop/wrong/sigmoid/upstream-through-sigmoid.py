# Going back through a sigmoid means applying the sigmoid to the upstream as well.
# loses: values shapes hard

import numpy as np


def sigmoid_backward(grad_out, out):
    back = 1 / (1 + np.exp(-grad_out))
    return back * out * (1 - out)
