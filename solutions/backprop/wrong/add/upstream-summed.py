# Every entry of a and b feels the whole loss, so every entry gets the sum of the upstream.
# loses: values shapes hard

import numpy as np


def add_backward(grad_out, a, b):
    total = np.sum(grad_out)
    return np.full(a.shape, total), np.full(b.shape, total)
