# Gradients are added up, so the sum starts from the upstream and the upstream is added to it.
# loses: values shapes hard

import numpy as np


def add_backward(grad_out, a, b):
    grads = []
    for operand in (a, b):
        grad = np.array(grad_out, dtype=float)
        grad += grad_out
        grad = grad.sum(axis=tuple(range(grad.ndim - operand.ndim)))
        ones = tuple(axis for axis in range(operand.ndim) if operand.shape[axis] == 1)
        grads.append(grad.sum(axis=ones, keepdims=True))
    return grads[0], grads[1]
