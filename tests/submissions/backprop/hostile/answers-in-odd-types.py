# Returns matrices, lists, numpy scalars, generators' arrays and tuples of tuples where these are right.
# expect: multiply passed

import numpy as np


class MyArray(np.ndarray):
    pass


def multiply_backward(grad_out, a, b):
    grad_a, grad_b = unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))
    return [np.asarray(grad_a).view(MyArray), np.asarray(grad_b).tolist()]


def add_backward(grad_out, a, b):
    return np.array([0.0, 0.0], dtype=object).tolist() and (
        np.ma.masked_array(unbroadcast(grad_out, np.shape(a))),
        np.array(unbroadcast(grad_out, np.shape(b)), order="F"),
    )


def matmul_backward(grad_out, a, b):
    return np.asarray(np.asmatrix(grad_out) * np.asmatrix(b).T), np.asmatrix(a).T * np.asmatrix(grad_out)


# ---- the rest is right -------------------------------------------------------------------------------------


def unbroadcast(grad, shape):
    grad = np.sum(grad, axis=tuple(range(np.ndim(grad) - len(shape))))
    return np.sum(grad, axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


def sigmoid_backward(grad_out, out):
    return grad_out * out * (1.0 - out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    probs = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1.0
    return grad_out * probs / len(targets)


def sgd_step(params, grads, lr):
    return [param - lr * grad for param, grad in zip(params, grads)]


def numeric_gradient(f, x):
    step = 1e-5
    grad_x = np.zeros(np.shape(x))
    for index in np.ndindex(grad_x.shape):
        above, below = np.array(x), np.array(x)
        above[index] += step
        below[index] -= step
        grad_x[index] = (f(above) - f(below)) / (2 * step)
    return grad_x
