# Sums without rounding: math.fsum collects every contribution to an entry.
import math

import numpy as np


def unbroadcast(grad, shape):
    positions = np.broadcast_to(np.arange(math.prod(shape)).reshape(shape), np.shape(grad))
    parts = [[] for _ in range(math.prod(shape))]
    for position, value in zip(positions.flat, np.asarray(grad).flat):
        parts[position].append(float(value))
    return np.array([math.fsum(part) for part in parts]).reshape(shape)


def exact_dot(xs, ys):
    return math.fsum(float(x) * float(y) for x, y in zip(xs, ys))


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    return unbroadcast(grad_out * b, a.shape), unbroadcast(grad_out * a, b.shape)


def sigmoid_backward(grad_out, out):
    return grad_out * (out * (1 - out))


def matmul_backward(grad_out, a, b):
    grad_a = np.array([[exact_dot(upstream, row) for row in b] for upstream in grad_out])
    grad_b = np.array([[exact_dot(column, upstream) for upstream in grad_out.T] for column in a.T])
    return grad_a, grad_b


def softmax_cross_entropy_backward(grad_out, logits, targets):
    grad_logits = np.zeros(logits.shape)
    for n, (row, target) in enumerate(zip(logits.tolist(), targets.tolist())):
        exps = [math.exp(logit - max(row)) for logit in row]
        grad_logits[n] = [x / math.fsum(exps) for x in exps]
        grad_logits[n, target] -= 1
    return grad_out * grad_logits / len(targets)


def sgd_step(params, grads, lr):
    new_params = []
    for param, grad in zip(params, grads):
        entries = zip(np.ravel(param).tolist(), np.ravel(grad).tolist())
        exact = [math.fsum([p, -lr * g]) for p, g in entries]
        new_params.append(np.array(exact).reshape(np.shape(param)))
    return new_params


def numeric_gradient(f, x):
    # the formula with five points, of which the middle one has weight 0
    h = 5e-4
    weights = {-2: 1, -1: -8, 1: 8, 2: -1}
    grad_x = np.zeros(np.shape(x))
    for at in np.ndindex(grad_x.shape):
        parts = []
        for steps, weight in weights.items():
            probe = np.array(x)
            probe[at] += steps * h
            parts.append(weight * float(f(probe)))
        grad_x[at] = math.fsum(parts) / (12 * h)
    return grad_x
