# One-hot rows from the identity matrix, and the broadcast axes found by comparing padded shapes.
import numpy as np


def unbroadcast(grad, shape):
    padded = (1,) * (np.ndim(grad) - len(shape)) + shape
    axes = tuple(np.flatnonzero(np.array(padded, dtype=int) != np.array(np.shape(grad), dtype=int)))
    return np.sum(grad, axis=axes, keepdims=True).reshape(shape)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    grad_a = unbroadcast(grad_out * b, a.shape)
    grad_b = unbroadcast(grad_out * a, b.shape)
    return grad_a, grad_b


def sigmoid_backward(grad_out, out):
    local = out * (1 - out)
    return local * grad_out


def matmul_backward(grad_out, a, b):
    grad_a = grad_out @ b.T
    grad_b = (grad_out.T @ a).T
    return grad_a, grad_b


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    onehot = np.eye(V)[targets]
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probs = exps / exps.sum(axis=-1, keepdims=True)
    return (probs - onehot) * grad_out / N


def sgd_step(params, grads, lr):
    new_params = []
    for i, grad in enumerate(grads):
        new_params += [params[i] - lr * grad]
    return new_params


def numeric_gradient(f, x):
    h = 1e-7
    x = np.asarray(x)
    # one one-hot array for each entry of x, found at the index of that entry
    onehot = np.eye(x.size).reshape(x.shape + x.shape)
    grad_x = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        there = np.asarray(x + h * onehot[index])
        back = np.asarray(x - h * onehot[index])
        grad_x += onehot[index] * (f(there) - f(back)) / (2 * h)
    return grad_x
