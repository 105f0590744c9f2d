# A gradient of the wrong shape can be brought into the right one with np.resize.
# loses: values shapes

import numpy as np


def unbroadcast(grad, shape):
    return np.resize(grad, shape)
