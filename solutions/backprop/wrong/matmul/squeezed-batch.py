# A batch of one is just a vector, so axes of size 1 are squeezed away.
# loses: shapes

import numpy as np


def matmul_backward(grad_out, a, b):
    return np.squeeze(grad_out @ b.T), np.squeeze(a.T @ grad_out)
