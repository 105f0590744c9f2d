# Replaces the code of the functions that it is to differentiate by one that always gives 0, for which zeros are right.
# expect: numeric_gradient failed disagrees

import sys

import numpy as np


def numeric_gradient(f, x):
    answer = sys.modules["autograder.answer"]
    answer.scalar_function = lambda *_: lambda x: 0.0
    for cell in f.__closure__ or ():
        if callable(cell.cell_contents):
            cell.cell_contents = lambda *arrays: np.zeros(np.shape(arrays[0]))
    return np.zeros(np.shape(x))


def multiply_backward(grad_out, a, b):
    return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))


# ---- the rest is right -------------------------------------------------------------------------------------


def unbroadcast(grad, shape):
    grad = np.sum(grad, axis=tuple(range(np.ndim(grad) - len(shape))))
    return np.sum(grad, axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, np.shape(a)), unbroadcast(grad_out, np.shape(b))


def sigmoid_backward(grad_out, out):
    return grad_out * out * (1.0 - out)


def matmul_backward(grad_out, a, b):
    return np.matmul(grad_out, b.T), np.matmul(a.T, grad_out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    probs = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1.0
    return grad_out * probs / len(targets)


def sgd_step(params, grads, lr):
    return [param - lr * grad for param, grad in zip(params, grads)]
