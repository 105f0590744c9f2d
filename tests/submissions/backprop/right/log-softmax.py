# Logarithms: log-softmax first, and exp only at the very end.
import numpy as np


def unbroadcast(grad, shape):
    added = np.ndim(grad) - len(shape)
    stretched = tuple(added + i for i, size in enumerate(shape) if size == 1)
    return np.sum(grad, axis=tuple(range(added)) + stretched).reshape(shape)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    return unbroadcast(grad_out * b, a.shape), unbroadcast(grad_out * a, b.shape)


def sigmoid_backward(grad_out, out):
    # minus infinity where the unit is saturated, and exp of that is 0
    log_slope = np.log(out, dtype=float) + np.log1p(-out, dtype=float)
    return grad_out * np.exp(log_slope)


def matmul_backward(grad_out, a, b):
    return np.dot(grad_out, np.transpose(b)), np.dot(np.transpose(a), grad_out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N = logits.shape[0]
    shifted = logits - np.amax(logits, axis=1, keepdims=True)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    grad_logits = np.exp(log_probs)
    grad_logits[range(N), targets] -= 1
    return grad_out * grad_logits / N


def sgd_step(params, grads, lr):
    return list(param - lr * grad for param, grad in zip(params, grads))


def numeric_gradient(f, x):
    step = np.exp(-10.0)
    grad_x = np.zeros(np.shape(x))
    with np.nditer(np.array(x), flags=["multi_index"], op_flags=["readwrite"]) as entries:
        probe = entries.operands[0]
        for entry in entries:
            middle = float(entry)
            entry[...] = middle + step
            above = f(probe)
            entry[...] = middle - step
            below = f(probe)
            entry[...] = middle
            grad_x[entries.multi_index] = (above - below) / (2 * step)
    return grad_x
