# Tensor contractions and outer products instead of sums and the @ sign.
import numpy as np


def unbroadcast(grad, shape):
    """Contract each stretched axis with a vector of ones."""
    grad = np.asarray(grad)
    axis = 0
    for size in (0,) * (grad.ndim - len(shape)) + tuple(shape):
        if size == grad.shape[axis]:
            axis += 1
        else:
            grad = np.asarray(np.tensordot(np.ones(grad.shape[axis]), grad, axes=(0, axis)))
            if size == 1:
                grad = np.expand_dims(grad, axis)
                axis += 1
    return grad


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    return unbroadcast(np.multiply(grad_out, b), a.shape), unbroadcast(np.multiply(grad_out, a), b.shape)


def sigmoid_backward(grad_out, out):
    return np.multiply(grad_out, np.multiply(out, np.subtract(1, out)))


def matmul_backward(grad_out, a, b):
    grad_a = np.tensordot(grad_out, b, axes=([1], [1]))
    grad_b = sum(np.outer(a[n], grad_out[n]) for n in range(len(a)))
    return grad_a, grad_b


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    exps = np.exp(logits - np.outer(logits.max(axis=1), np.ones(V)))
    totals = np.tensordot(exps, np.ones(V), axes=1)
    probs = exps / np.outer(totals, np.ones(V))
    onehot = np.equal.outer(targets, np.arange(V)).astype(float)
    return np.multiply(grad_out / N, probs - onehot)


def sgd_step(params, grads, lr):
    return [np.subtract(param, np.tensordot(lr, grad, axes=0)) for param, grad in zip(params, grads)]


def numeric_gradient(f, x):
    step, shape = 1e-4, np.shape(x)
    moves = np.multiply.outer([step, -step], np.eye(np.size(x)))
    values = [[f(probe.reshape(shape)) for probe in side] for side in np.add(np.ravel(x), moves)]
    return np.tensordot([0.5 / step, -0.5 / step], values, axes=1).reshape(shape)
