# Writes all products and sums as einsum, and picks and adds by index arrays.
# expect: multiply passed

import string

import numpy as np


def summed_to(grad, shape):
    letters = string.ascii_lowercase[: np.ndim(grad)]
    kept = letters[len(letters) - len(shape):]
    kept = "".join(letter for letter, size in zip(kept, shape) if size != 1)
    return np.einsum(f"{letters}->{kept}", grad).reshape(shape)


def multiply_backward(grad_out, a, b):
    return summed_to(np.einsum("...,...->...", grad_out, b), np.shape(a)), summed_to(
        np.einsum("...,...->...", grad_out, a, optimize=True), np.shape(b)
    )


def add_backward(grad_out, a, b):
    return summed_to(grad_out, np.shape(a)), summed_to(grad_out, np.shape(b))


def sigmoid_backward(grad_out, out):
    return np.einsum("...,...,...->...", grad_out, out, 1.0 - out)


def matmul_backward(grad_out, a, b):
    return np.einsum("ik,jk->ij", grad_out, b), np.tensordot(a, grad_out, axes=([0], [0]))


# ---- the rest is right -------------------------------------------------------------------------------------


def unbroadcast(grad, shape):
    grad = np.sum(grad, axis=tuple(range(np.ndim(grad) - len(shape))))
    return np.sum(grad, axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


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
