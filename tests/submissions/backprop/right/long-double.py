# Long double inside and in the results: more digits than anybody asked for.
import numpy as np


def wide(array):
    return np.asarray(array, dtype=np.longdouble)


def unbroadcast(grad, shape):
    grad = wide(grad)
    grad = wide(grad.sum(axis=tuple(range(grad.ndim - len(shape)))))
    ones = tuple(axis for axis in range(len(shape)) if shape[axis] == 1)
    return grad.sum(axis=ones, keepdims=True)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    grad_out, a, b = wide(grad_out), wide(a), wide(b)
    return unbroadcast(grad_out * b, a.shape), unbroadcast(grad_out * a, b.shape)


def sigmoid_backward(grad_out, out):
    return wide(grad_out) * wide(out) * (1 - wide(out))


def matmul_backward(grad_out, a, b):
    return wide(grad_out) @ wide(b).T, wide(a).T @ wide(grad_out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    logits = wide(logits)
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = exps / exps.sum(axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1
    return wide(grad_out) * probs / len(targets)
