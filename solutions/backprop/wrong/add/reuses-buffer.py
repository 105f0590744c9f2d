# One buffer for each shape saves memory; that a returned gradient is still in use is not thought of.
# loses: pure

import numpy as np

_add_buffers = {}


def add_backward(grad_out, a, b):
    grads = []
    for name, operand in (("a", a), ("b", b)):
        extra = tuple(range(grad_out.ndim - operand.ndim))
        ones = tuple(i for i, size in enumerate(operand.shape) if size == 1)
        buffer = _add_buffers.setdefault((name, operand.shape), np.zeros(operand.shape))
        buffer[...] = grad_out.sum(axis=extra).sum(axis=ones, keepdims=True)
        grads.append(buffer)
    return tuple(grads)
