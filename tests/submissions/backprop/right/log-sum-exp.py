# Probabilities by log-sum-exp, which loses a digit or two where logits are large: in float32 that is still right.

import numpy as np


def unbroadcast(grad, shape):
    """Add up `grad` over every axis that broadcasting made or stretched: the result has `shape`."""
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched, keepdims=True)


def add_backward(grad_out, a, b):
    """`(grad_a, grad_b)`: a sum hands its upstream gradient on to both operands."""
    grad_out = np.asarray(grad_out)
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    """`(grad_a, grad_b)`: each operand receives the upstream gradient times the other operand."""
    return unbroadcast(np.asarray(grad_out * b), a.shape), unbroadcast(np.asarray(grad_out * a), b.shape)


def sigmoid_backward(grad_out, out):
    """`grad_x`, from the output alone: the slope of sigmoid is out (1 - out)."""
    return grad_out * out * (1.0 - out)


def matmul_backward(grad_out, a, b):
    """`(grad_a, grad_b)` of shapes (N, D) and (D, H), from grad_out of shape (N, H)."""
    return grad_out @ b.T, a.T @ grad_out


def softmax_cross_entropy_backward(grad_out, logits, targets):
    top = logits.max(axis=1, keepdims=True)
    log_sum = top + np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
    probs = np.exp(logits - log_sum)
    probs[np.arange(len(targets)), targets] -= 1
    return grad_out * probs / len(targets)


def sgd_step(params, grads, lr):
    """New parameters, each one step of size lr down its gradient."""
    return [param - lr * grad for param, grad in zip(params, grads)]


def numeric_gradient(f, x):
    """The gradient of the scalar f at x, by central differences: one entry of x moves at a time."""
    grad = np.zeros(x.shape)
    for at in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[at] = 1e-5
        grad[at] = (f(x + step) - f(x - step)) / 2e-5
    return grad
