# A stretched axis is summed away, and with it the axis itself: (4,) for the shape (4, 1).
# loses: shapes

import numpy as np


def unbroadcast(grad, shape):
    added = grad.ndim - len(shape)
    axes = list(range(added))
    for i, size in enumerate(shape):
        if size == 1:
            axes.append(added + i)
    return np.sum(grad, axis=tuple(axes))
