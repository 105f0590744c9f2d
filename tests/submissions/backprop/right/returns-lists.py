# Lists instead of tuples and arrays: a pair of gradients is a list, and each of the two is made of lists.
import numpy as np


def unbroadcast(grad, shape):
    while np.ndim(grad) > len(shape):
        grad = np.sum(grad, axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = np.sum(grad, axis=axis, keepdims=True)
    return grad


def add_backward(grad_out, a, b):
    return [unbroadcast(grad_out, operand.shape).tolist() for operand in (a, b)]


def multiply_backward(grad_out, a, b):
    grads = []
    for operand, other in ([a, b], [b, a]):
        grad = unbroadcast(grad_out * other, operand.shape)
        grads.append(grad.tolist())
    return grads


def sigmoid_backward(grad_out, out):
    return np.array([grad_out, out, 1.0 - out]).prod(axis=0)


def matmul_backward(grad_out, a, b):
    grad_a = [[sum(upstream * row) for row in b] for upstream in grad_out]
    grad_b = [[sum(column * upstream) for upstream in grad_out.T] for column in a.T]
    return [grad_a, grad_b]


def softmax_cross_entropy_backward(grad_out, logits, targets):
    rows = []
    for row, target in zip(logits, targets):
        exps = np.exp(row - max(row))
        probs = exps / sum(exps)
        rows.append([p - (v == target) for v, p in enumerate(probs)])
    return np.array(rows) * grad_out / len(rows)


def sgd_step(params, grads, lr):
    new_params = []
    for param, grad in zip(params, grads):
        moved = param - lr * grad
        new_params.append(moved.tolist())
    return new_params


def numeric_gradient(f, x):
    step = 1e-5
    entries = np.ravel(x).tolist()
    slopes = []
    for i, entry in enumerate(entries):
        above = [*entries[:i], entry + step, *entries[i + 1 :]]
        below = [*entries[:i], entry - step, *entries[i + 1 :]]
        slopes.append((f(np.reshape(above, np.shape(x))) - f(np.reshape(below, np.shape(x)))) / (2 * step))
    return np.reshape(slopes, np.shape(x))
