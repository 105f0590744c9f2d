# In place, on buffers of its own: each function copies once and then works in that copy.
import numpy as np


def summed(buffer, shape):
    while buffer.ndim > len(shape):
        buffer = np.add.reduce(buffer, axis=0)
    buffer = np.asarray(buffer)
    for axis, size in enumerate(shape):
        if size == 1:
            buffer = np.add.reduce(buffer, axis=axis, keepdims=True)
    return buffer


def unbroadcast(grad, shape):
    return summed(np.array(grad, dtype=np.float64), shape)


def add_backward(grad_out, a, b):
    buffer_a = np.array(grad_out, dtype=np.float64)
    buffer_b = buffer_a.copy()
    return summed(buffer_a, a.shape), summed(buffer_b, b.shape)


def multiply_backward(grad_out, a, b):
    buffer_a = np.array(grad_out, dtype=np.float64)
    buffer_b = buffer_a.copy()
    buffer_a *= b
    buffer_b *= a
    return summed(buffer_a, a.shape), summed(buffer_b, b.shape)


def sigmoid_backward(grad_out, out):
    grad_x = np.array(out, dtype=np.float64)
    np.subtract(1, grad_x, out=grad_x)
    grad_x *= out
    grad_x *= grad_out
    return grad_x


def matmul_backward(grad_out, a, b):
    grad_a = np.empty(a.shape)
    grad_b = np.empty(b.shape)
    np.matmul(grad_out, b.T, out=grad_a)
    np.matmul(a.T, grad_out, out=grad_b)
    return grad_a, grad_b


def softmax_cross_entropy_backward(grad_out, logits, targets):
    grad_logits = np.array(logits, dtype=np.float64)
    grad_logits -= grad_logits.max(axis=1, keepdims=True)
    np.exp(grad_logits, out=grad_logits)
    grad_logits /= grad_logits.sum(axis=1, keepdims=True)
    grad_logits[np.arange(len(targets)), targets] -= 1.0
    grad_logits *= grad_out
    grad_logits /= len(targets)
    return grad_logits


def sgd_step(params, grads, lr):
    buffers = [np.array(grad, dtype=np.float64) for grad in grads]
    for buffer, param in zip(buffers, params):
        buffer *= lr
        np.subtract(param, buffer, out=buffer)
    return buffers


def numeric_gradient(f, x):
    step = 1e-4
    probe = np.array(x, dtype=np.float64)
    grad_x = np.zeros(probe.shape)
    for at in np.ndindex(probe.shape):
        probe[at] += step
        grad_x[at] += f(probe)
        probe[at] -= 2 * step
        grad_x[at] -= f(probe)
        probe[at] = x[at]
    grad_x /= 2 * step
    return grad_x
