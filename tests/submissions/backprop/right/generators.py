# Yields gradients one by one, and entries one by one, out of generators, zips and reduces.
import itertools
from functools import reduce

import numpy as np


def summed(grad, shape):
    """The gradient after each axis that goes."""
    yield np.asarray(grad)
    lead = np.ndim(grad) - len(shape)
    sizes = itertools.chain(itertools.repeat(None, lead), shape)
    gone = 0
    for axis, size in enumerate(sizes):
        if size is None:
            grad, gone = np.sum(grad, axis=0), gone + 1
        elif size == 1:
            grad = np.sum(grad, axis=axis - gone, keepdims=True)
        yield np.asarray(grad)


def unbroadcast(grad, shape):
    return reduce(lambda _, one: one, summed(grad, shape))


def each(grad_out, a, b, factors):
    for operand, factor in zip((a, b), factors):
        yield unbroadcast(np.multiply(grad_out, factor), np.shape(operand))


def add_backward(grad_out, a, b):
    return tuple(each(grad_out, a, b, itertools.repeat(1.0)))


def multiply_backward(grad_out, a, b):
    return tuple(each(grad_out, a, b, reversed((a, b))))


def sigmoid_backward(grad_out, out):
    return reduce(np.multiply, (grad_out, out, np.subtract(1, out)))


def matmul_backward(grad_out, a, b):
    rows = (sum((g * column for g, column in zip(row, b.T)), np.zeros(b.shape[0])) for row in grad_out)
    outer = (np.outer(left, right) for left, right in zip(a, grad_out))
    return np.stack(list(rows)), reduce(np.add, outer)


def probabilities(logits):
    for row in logits:
        exps = np.exp(row - max(row))
        yield exps / sum(exps)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    rows = zip(probabilities(logits), targets)
    grads = (np.array([p - (k == target) for k, p in enumerate(row)]) for row, target in rows)
    return np.stack([grad_out * grad / len(targets) for grad in grads])


def sgd_step(params, grads, lr):
    return list(map(lambda param, grad: param - lr * grad, params, grads))


def numeric_gradient(f, x):
    def points(index, step=1e-5):
        for sign in (1, -1):
            point = np.array(x, dtype=float)
            point[index] += sign * step
            yield f(point) / (2 * step) * sign

    grad = np.fromiter((sum(points(index)) for index in np.ndindex(np.shape(x))), dtype=float)
    return grad.reshape(np.shape(x))
