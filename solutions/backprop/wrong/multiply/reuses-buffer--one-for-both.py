# Operands of the same shape can share one buffer: the second gradient is written over the first.
# loses: values shapes hard pure

import numpy as np

_multiply_buffers = {}


def multiply_backward(grad_out, a, b):
    grads = []
    for operand, other in ((a, b), (b, a)):
        grad = grad_out * other
        ones = tuple(i for i, size in enumerate(operand.shape) if size == 1)
        buffer = _multiply_buffers.setdefault(operand.shape, np.zeros(operand.shape))
        buffer[...] = grad.sum(axis=tuple(range(grad.ndim - operand.ndim))).sum(axis=ones, keepdims=True)
        grads.append(buffer)
    return tuple(grads)
