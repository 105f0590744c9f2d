# -*- coding: utf8mb4 -*-
# Rückwärts
import numpy as np


def unbroadcast(grad, shape):
    grad = np.asarray(grad)
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, np.shape(a)), unbroadcast(grad_out, np.shape(b))


def multiply_backward(grad_out, a, b):
    return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))


def sigmoid_backward(grad_out, out):
    return grad_out * out * (1.0 - out)


def matmul_backward(grad_out, a, b):
    return grad_out @ b.T, a.T @ grad_out


def softmax_cross_entropy_backward(grad_out, logits, targets):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    one_hot = np.eye(logits.shape[1])[targets]
    return grad_out * (probs - one_hot) / len(targets)


def sgd_step(params, grads, lr):
    return [param - lr * grad for param, grad in zip(params, grads)]


def numeric_gradient(f, x):
    grad = np.zeros(np.shape(x))
    for index in np.ndindex(np.shape(x)):
        up, down = np.array(x), np.array(x)
        up[index] += 1e-5
        down[index] -= 1e-5
        grad[index] = (f(up) - f(down)) / 2e-5
    return grad
