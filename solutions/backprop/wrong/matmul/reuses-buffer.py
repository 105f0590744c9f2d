# One buffer for each operand and shape saves memory; that an old gradient is still in use is forgotten.
# loses: pure

import numpy as np

_matmul_buffers = {}


def matmul_backward(grad_out, a, b):
    grad_a = _matmul_buffers.setdefault(("a", a.shape), np.zeros(a.shape))
    grad_b = _matmul_buffers.setdefault(("b", b.shape), np.zeros(b.shape))
    grad_a[:] = grad_out @ b.T
    grad_b[:] = a.T @ grad_out
    return grad_a, grad_b
