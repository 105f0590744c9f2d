# Pairwise differences: p_j = 1 / sum_k exp(z_k - z_j), where an overflow to infinity gives the right 0.
import numpy as np


def squeeze_to(grad, shape):
    padded = (1,) * (np.ndim(grad) - len(shape)) + tuple(shape)
    for axis, (have, want) in enumerate(zip(np.shape(grad), padded)):
        if have != want:
            grad = np.sum(grad, axis=axis, keepdims=True)
    return np.reshape(grad, shape)


def add_backward(grad_out, a, b):
    return squeeze_to(grad_out, a.shape), squeeze_to(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    return squeeze_to(b * grad_out, a.shape), squeeze_to(a * grad_out, b.shape)


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
