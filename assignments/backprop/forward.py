"""The forward functions: what the network computes, and the whole answer key.

The grader takes every reference gradient from these lines, by complex-step differentiation, so they must also
work on complex numbers: compare real parts, and use neither `abs` nor `np.maximum` nor conjugation.
"""

import numpy as np


def broadcast(x, like):
    """x, repeated until it has the shape that x and `like` have together. Of `like`, only the shape matters."""
    return x + np.zeros(np.shape(like))


def add(a, b):
    """a + b, broadcast together."""
    return a + b


def multiply(a, b):
    """a * b, entry by entry, broadcast together."""
    return a * b


def sigmoid(x):
    """1 / (1 + exp(-x)), of the shape of x, without overflow on either side."""
    is_positive = np.real(x) > 0
    small = np.exp(np.where(is_positive, -x, x))
    return np.where(is_positive, 1.0, small) / (1.0 + small)


def matmul(a, b):
    """a @ b: (N, D) @ (D, H) -> (N, H)."""
    return a @ b


def softmax_cross_entropy(logits, targets):
    """Mean of -log softmax(logits)[target] over the N rows: logits (N, V), targets (N,) -> one number."""
    shifted = logits - np.max(np.real(logits), axis=1, keepdims=True)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.mean(log_probs[np.arange(len(targets)), targets])


def descent(params, grads, lr):
    """Half the squared size of all params, less lr times their inner product with grads: two lists -> one number.

    The point that one step of gradient descent goes to is the gradient of this in the params.
    """
    return sum(0.5 * np.sum(p * p) - lr * np.sum(g * p) for p, g in zip(params, grads))
