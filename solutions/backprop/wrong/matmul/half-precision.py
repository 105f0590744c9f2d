# Half precision is plenty for gradients, as on graphics cards.
# loses: values shapes hard

import numpy as np


def matmul_backward(grad_out, a, b):
    grad_out, a, b = (np.asarray(array, dtype="float16") for array in (grad_out, a, b))
    return grad_out @ b.T, a.T @ grad_out
