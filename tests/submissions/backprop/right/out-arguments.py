# Allocates its results first and lets numpy write into them, by out and where, as a performance course teaches.
import numpy as np


def unbroadcast(grad, shape):
    grad = np.asarray(grad)
    lead = grad.ndim - len(shape)
    axes = tuple(range(lead)) + tuple(lead + i for i, n in enumerate(shape) if n == 1)
    out = np.empty([n for i, n in enumerate(grad.shape) if i not in axes])
    np.add.reduce(grad, axis=axes, out=out)
    return out.reshape(shape)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, np.shape(a)), unbroadcast(grad_out, np.shape(b))


def multiply_backward(grad_out, a, b):
    buffer = np.empty(np.shape(grad_out))
    np.multiply(grad_out, b, out=buffer)
    grad_a = unbroadcast(buffer, np.shape(a))
    np.multiply(grad_out, a, out=buffer)
    return grad_a, unbroadcast(buffer, np.shape(b))


def sigmoid_backward(grad_out, out):
    grad = np.empty(np.shape(out))
    np.subtract(1.0, out, out=grad)
    np.multiply(grad, out, out=grad)
    return np.multiply(grad, grad_out, out=grad)


def matmul_backward(grad_out, a, b):
    grad_a, grad_b = np.empty(a.shape), np.empty(b.shape)
    np.matmul(grad_out, b.T, out=grad_a)
    np.matmul(a.T, grad_out, out=grad_b)
    return grad_a, grad_b


def softmax_cross_entropy_backward(grad_out, logits, targets):
    probs = np.empty(logits.shape)
    np.subtract(logits, np.maximum.reduce(logits, axis=1, keepdims=True), out=probs)
    np.exp(probs, out=probs)
    np.divide(probs, np.add.reduce(probs, axis=1, keepdims=True), out=probs)
    hit = np.zeros(logits.shape, dtype=bool)
    np.put_along_axis(hit, targets[:, None], True, axis=1)
    np.subtract(probs, 1.0, out=probs, where=hit)
    return np.multiply(probs, grad_out / targets.shape[0], out=probs)


def sgd_step(params, grads, lr):
    new = [np.empty(np.shape(param)) for param in params]
    for out, param, grad in zip(new, params, grads):
        np.multiply(grad, -lr, out=out)
        np.add(out, param, out=out)
    return new


def numeric_gradient(f, x):
    point = np.array(x, dtype=float)
    grad = np.empty(point.shape)
    with np.nditer([point, grad], ["multi_index", "zerosize_ok"], [["readonly"], ["writeonly"]]) as entries:
        for _, slope in entries:
            index = entries.multi_index
            before = point[index]
            point[index] = before + 1e-5
            above = f(point.copy())
            point[index] = before - 1e-5
            below = f(point.copy())
            point[index] = before
            slope[...] = (above - below) / 2e-5
    return grad
