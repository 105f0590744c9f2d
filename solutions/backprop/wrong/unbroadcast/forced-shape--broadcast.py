# To undo broadcasting, grad is broadcast to the shape, which only works in the other direction.
# loses: values shapes

import numpy as np


def unbroadcast(grad, shape):
    return np.broadcast_to(grad, shape).copy()
