# Functional: reduce, map and partial in place of loops and assignments.
from functools import partial, reduce
from operator import add, itemgetter

import numpy as np


def without_first_axis(grad, _):
    return reduce(add, grad)


def summed_axis(grad, axis):
    return np.add.reduce(grad, axis=axis, keepdims=True)


def unbroadcast(shape, grad):
    right_depth = reduce(without_first_axis, range(np.ndim(grad) - len(shape)), grad)
    ones = filter(lambda axis: shape[axis] == 1, range(len(shape)))
    return reduce(summed_axis, ones, right_depth)


def add_backward(grad_out, a, b):
    return tuple(map(partial(unbroadcast, grad=grad_out), map(np.shape, (a, b))))


def multiply_backward(grad_out, a, b):
    return tuple(map(unbroadcast, map(np.shape, (a, b)), map(partial(np.multiply, grad_out), (b, a))))


def sigmoid_backward(grad_out, out):
    return reduce(np.multiply, (grad_out, out, np.subtract(1, out)))


def matmul_backward(grad_out, a, b):
    return grad_out.dot(b.T), reduce(add, map(np.outer, a, grad_out))


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    onehot = itemgetter(*range(V))(np.eye(V))
    exps = tuple(map(lambda row: np.exp(row - reduce(max, row)), logits))
    probs = map(lambda row: row / reduce(add, row), exps)
    rows = map(lambda row, target: row - onehot[target], probs, targets)
    return np.vstack(tuple(rows)) * (grad_out / N)
