# Sums and multiplies by calling itself, one axis at a time.
# expect: multiply passed

import functools

import numpy as np


def unbroadcast(grad, shape):
    if np.ndim(grad) > len(shape):
        return unbroadcast(np.sum(grad, axis=0), shape)
    return sum_from(grad, shape, 0)


def sum_from(grad, shape, axis):
    if axis == len(shape):
        return grad
    if shape[axis] == 1 and np.shape(grad)[axis] != 1:
        grad = np.sum(grad, axis=axis, keepdims=True)
    return sum_from(grad, shape, axis + 1)


def multiply_backward(grad_out, a, b):
    swap = functools.partial(pair_up, grad_out)
    return swap(a, b, 2)


def pair_up(grad_out, first, second, left):
    if left == 0:
        return ()
    return (unbroadcast(grad_out * second, np.shape(first)), *pair_up(grad_out, second, first, left - 1))


# ---- the rest is right -------------------------------------------------------------------------------------


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


def numeric_gradient(f, x):
    step = 1e-5
    grad_x = np.zeros(np.shape(x))
    for index in np.ndindex(grad_x.shape):
        above, below = np.array(x), np.array(x)
        above[index] += step
        below[index] -= step
        grad_x[index] = (f(above) - f(below)) / (2 * step)
    return grad_x
