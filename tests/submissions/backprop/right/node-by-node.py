# Node by node: softmax cross-entropy is taken apart into small nodes, and each is walked back in turn.
import numpy as np


def unbroadcast(grad, shape):
    grad = np.sum(grad, axis=tuple(range(np.ndim(grad) - len(shape))))
    for axis in range(len(shape)):
        if shape[axis] == 1:
            grad = np.sum(grad, axis=axis, keepdims=True)
    return grad


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    return unbroadcast(grad_out * b, a.shape), unbroadcast(grad_out * a, b.shape)


def sigmoid_backward(grad_out, out):
    # close to its input a sigmoid is a multiplication by its slope, so its rule is that of a product
    slope = out * (1 - out)
    grad_x, _ = multiply_backward(grad_out, out, slope)
    return grad_x


def matmul_backward(grad_out, a, b):
    return grad_out @ b.T, a.T @ grad_out


def softmax_cross_entropy_backward(grad_out, logits, targets):
    # forward: shifted -> exps -> sums -> logs -> log_probs -> picked -> mean
    N, V = logits.shape
    rows = np.arange(N)
    shifted = logits - logits.max(axis=1, keepdims=True)
    exps = np.exp(shifted)
    sums = exps.sum(axis=1, keepdims=True)
    # backward, from the loss to the logits
    grad_picked = np.full(N, -grad_out / N)
    grad_log_probs = np.zeros((N, V))
    grad_log_probs[rows, targets] = grad_picked
    grad_logs = -grad_log_probs.sum(axis=1, keepdims=True)
    grad_sums = grad_logs / sums
    grad_exps = np.broadcast_to(grad_sums, (N, V))
    return grad_log_probs + grad_exps * exps


def sgd_step(params, grads, lr):
    # forward: scaled -> negated -> moved
    scaled = [lr * grad for grad in grads]
    negated = [-step for step in scaled]
    moved = [param + step for param, step in zip(params, negated)]
    return moved


def numeric_gradient(f, x):
    # forward: probes -> values -> rises -> slopes
    size, shape = np.size(x), np.shape(x)
    probes = np.tile(np.ravel(x), (2, size, 1))
    entries = np.arange(size)
    probes[0, entries, entries] += 1e-4
    probes[1, entries, entries] -= 1e-4
    values = np.array([[f(probe.reshape(shape)) for probe in side] for side in probes])
    rises = values[0] - values[1]
    slopes = rises / 2e-4
    return slopes.reshape(shape)
