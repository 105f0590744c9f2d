# Plain loops: every entry of the output is visited, and its part is added where it belongs.
import math

import numpy as np


def home(index, shape):
    """The entry of an operand of this shape that was used at this index of the output."""
    tail = index[len(index) - len(shape) :]
    return tuple(0 if size == 1 else i for i, size in zip(tail, shape))


def unbroadcast(grad, shape):
    grad_x = np.zeros(shape)
    for index in np.ndindex(np.shape(grad)):
        grad_x[home(index, shape)] += grad[index]
    return grad_x


def add_backward(grad_out, a, b):
    grad_a, grad_b = np.zeros(a.shape), np.zeros(b.shape)
    for index in np.ndindex(np.shape(grad_out)):
        grad_a[home(index, a.shape)] += grad_out[index]
        grad_b[home(index, b.shape)] += grad_out[index]
    return grad_a, grad_b


def multiply_backward(grad_out, a, b):
    grad_a, grad_b = np.zeros(a.shape), np.zeros(b.shape)
    for index in np.ndindex(np.shape(grad_out)):
        at_a, at_b = home(index, a.shape), home(index, b.shape)
        grad_a[at_a] += grad_out[index] * b[at_b]
        grad_b[at_b] += grad_out[index] * a[at_a]
    return grad_a, grad_b


def sigmoid_backward(grad_out, out):
    grad_x = np.zeros(out.shape)
    for index in np.ndindex(out.shape):
        grad_x[index] = grad_out[index] * out[index] * (1 - out[index])
    return grad_x


def matmul_backward(grad_out, a, b):
    N, D = a.shape
    D, H = b.shape
    grad_a = np.zeros((N, D))
    grad_b = np.zeros((D, H))
    for n in range(N):
        for d in range(D):
            for h in range(H):
                grad_a[n, d] += grad_out[n, h] * b[d, h]
                grad_b[d, h] += grad_out[n, h] * a[n, d]
    return grad_a, grad_b


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    grad_logits = np.zeros((N, V))
    for n in range(N):
        largest = max(float(logit) for logit in logits[n])
        exps = [math.exp(float(logit) - largest) for logit in logits[n]]
        total = sum(exps)
        for v in range(V):
            hit = 1 if v == targets[n] else 0
            grad_logits[n, v] = grad_out * (exps[v] / total - hit) / N
    return grad_logits


def sgd_step(params, grads, lr):
    new_params = []
    for i in range(len(params)):
        new_param = np.zeros(np.shape(params[i]))
        for index in np.ndindex(np.shape(params[i])):
            new_param[index] = params[i][index] - lr * grads[i][index]
        new_params.append(new_param)
    return new_params


def numeric_gradient(f, x):
    h = 1e-6
    x = np.asarray(x)
    grad_x = np.zeros(x.size)
    for i in range(x.size):
        entry = x.flat[i]
        x.flat[i] = entry + h
        grad_x[i] = f(x) / (2 * h)
        x.flat[i] = entry - h
        grad_x[i] -= f(x) / (2 * h)
        x.flat[i] = entry
    return grad_x.reshape(x.shape)
