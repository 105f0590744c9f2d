# Functional: reduce, map and partial in place of loops and assignments.
from functools import partial, reduce
from operator import add, itemgetter, methodcaller, sub

import numpy as np


def without_first_axis(grad, _):
    return reduce(add, grad)


def summed_axis(grad, axis):
    return np.add.reduce(grad, axis=axis, keepdims=True)


def summed_to(shape, grad):
    right_depth = reduce(without_first_axis, range(np.ndim(grad) - len(shape)), grad)
    ones = filter(lambda axis: shape[axis] == 1, range(len(shape)))
    return reduce(summed_axis, ones, right_depth)


def unbroadcast(grad, shape):
    return summed_to(shape, grad)


def add_backward(grad_out, a, b):
    return tuple(map(partial(summed_to, grad=grad_out), map(np.shape, (a, b))))


def multiply_backward(grad_out, a, b):
    return tuple(map(summed_to, map(np.shape, (a, b)), map(partial(np.multiply, grad_out), (b, a))))


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


def sgd_step(params, grads, lr):
    return list(map(np.subtract, params, map(partial(np.multiply, lr), grads)))


def numeric_gradient(f, x):
    shape, steps = np.shape(x), np.eye(np.size(x)) * 1e-5
    in_shape = methodcaller("reshape", shape)
    above = map(f, map(in_shape, np.ravel(x) + steps))
    below = map(f, map(in_shape, np.ravel(x) - steps))
    return in_shape(np.fromiter(map(sub, above, below), dtype=float) / 2e-5)
