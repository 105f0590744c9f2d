# One buffer for each operand and shape saves memory; that an old gradient is still in use is forgotten.
# loses: pure

import numpy as np

_multiply_buffers = {}


def multiply_backward(grad_out, a, b):
    grads = []
    for name, operand, other in (("a", a, b), ("b", b, a)):
        grad = grad_out * other
        ones = tuple(i for i, size in enumerate(operand.shape) if size == 1)
        buffer = _multiply_buffers.setdefault((name, operand.shape), np.zeros(operand.shape))
        buffer[...] = grad.sum(axis=tuple(range(grad.ndim - operand.ndim))).sum(axis=ones, keepdims=True)
        grads.append(buffer)
    return tuple(grads)
