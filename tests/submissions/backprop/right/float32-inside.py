# Single precision throughout, as on a graphics card; only the shift of the logits and the rise of a function, both
# small differences of large numbers, keep their own precision.
import numpy as np

FLOAT = np.float32


def unbroadcast(grad, shape):
    grad = np.asarray(grad, dtype=FLOAT)
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))), dtype=FLOAT)
    return grad.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True, dtype=FLOAT)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    grad_out, a, b = FLOAT(grad_out), FLOAT(a), FLOAT(b)
    return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))


def sigmoid_backward(grad_out, out):
    one_minus_out = FLOAT(1 - out)
    return FLOAT(grad_out) * FLOAT(out) * one_minus_out


def matmul_backward(grad_out, a, b):
    grad_out, a, b = FLOAT(grad_out), FLOAT(a), FLOAT(b)
    return grad_out @ b.T, a.T @ grad_out


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N = len(targets)
    exps = np.exp(FLOAT(logits - logits.max(axis=1, keepdims=True)))
    probs = exps / exps.sum(axis=1, keepdims=True)
    probs[np.arange(N), targets] -= FLOAT(1)
    return FLOAT(grad_out) * probs / FLOAT(N)


def sgd_step(params, grads, lr):
    lr = FLOAT(lr)
    return [FLOAT(param) - lr * FLOAT(grad) for param, grad in zip(params, grads)]


def numeric_gradient(f, x):
    step = 1e-3
    grad_x = np.zeros(np.shape(x), dtype=FLOAT)
    probe = np.array(x)
    for i, entry in enumerate(np.ravel(x)):
        probe.flat[i] = entry + step
        above = f(probe)
        probe.flat[i] = entry - step
        below = f(probe)
        probe.flat[i] = entry
        grad_x.flat[i] = FLOAT(above - below) / FLOAT(2 * step)
    return grad_x
