# Fortran order: every gradient comes back column by column in memory.
import numpy as np


def column_major(grad):
    return np.array(grad, order="F")


def unbroadcast(grad, shape):
    added = np.ndim(grad) - len(shape)
    axes = [*range(added), *(added + i for i, size in enumerate(shape) if size == 1)]
    total = np.sum(grad, axis=tuple(axes), keepdims=True)
    return column_major(total.reshape(shape))


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    return unbroadcast(grad_out * b, a.shape), unbroadcast(grad_out * a, b.shape)


def sigmoid_backward(grad_out, out):
    grad_x = np.zeros(out.shape, order="F")
    grad_x[...] = (1 - out) * out * grad_out
    return grad_x


def matmul_backward(grad_out, a, b):
    columns_a = [(grad_out * row).sum(axis=1) for row in b]
    columns_b = [a.T @ column for column in grad_out.T]
    return np.array(columns_a).T, np.array(columns_b).T


def softmax_cross_entropy_backward(grad_out, logits, targets):
    V, N = logits.T.shape
    exps = np.exp(logits.T - logits.T.max(axis=0))
    probs = exps / exps.sum(axis=0)
    probs[targets, np.arange(N)] -= 1
    return (probs * grad_out / N).T


def sgd_step(params, grads, lr):
    new_params = [np.zeros(np.shape(param), order="F") for param in params]
    for new_param, param, grad in zip(new_params, params, grads):
        new_param[...] = -lr * grad
        new_param[...] += param
    return new_params


def numeric_gradient(f, x):
    below_each_other = np.array(x).flatten(order="F")
    slopes = np.zeros(below_each_other.size)
    for i, entry in enumerate(below_each_other.copy()):
        for sign in (1, -1):
            below_each_other[i] = entry + sign * 1e-6
            slopes[i] += sign * f(below_each_other.reshape(np.shape(x), order="F")) / 2e-6
        below_each_other[i] = entry
    return slopes.reshape(np.shape(x), order="F")
