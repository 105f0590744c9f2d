# Pairwise differences: p_j = 1 / sum_k exp(z_k - z_j), where an overflow to infinity gives the right 0.
import numpy as np


def unbroadcast(grad, shape):
    padded = (1,) * (np.ndim(grad) - len(shape)) + tuple(shape)
    for axis, (have, want) in enumerate(zip(np.shape(grad), padded)):
        if have != want:
            grad = np.sum(grad, axis=axis, keepdims=True)
    return np.reshape(grad, shape)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    return unbroadcast(b * grad_out, a.shape), unbroadcast(a * grad_out, b.shape)


def sigmoid_backward(grad_out, out):
    return grad_out * (out - out * out)


def matmul_backward(grad_out, a, b):
    grad_a = (grad_out[:, None, :] * b[None, :, :]).sum(axis=2)
    grad_b = (a[:, :, None] * grad_out[:, None, :]).sum(axis=0)
    return grad_a, grad_b


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    differences = logits[:, None, :] - logits[:, :, None]
    probs = 1.0 / np.exp(differences).sum(axis=2)
    is_target = targets[:, None] == np.arange(V)
    return np.where(is_target, probs - 1.0, probs) * (grad_out / N)


def sgd_step(params, grads, lr):
    pairs = zip(params, grads)
    return tuple(param - lr * grad for param, grad in pairs)


def numeric_gradient(f, x):
    # all pairs of neighbours at once: pairs[k, 0] and pairs[k, 1] differ in entry k alone
    h = 1e-6
    x = np.asarray(x)
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    pairs = np.stack([x + steps, x - steps], axis=1)
    values = np.array([[f(pairs[k, side, ...]) for side in (0, 1)] for k in range(x.size)])
    return (-np.diff(values, axis=1) / (2 * h)).reshape(x.shape)
