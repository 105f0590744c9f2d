# Scatter: every use of an entry is dropped into the box with that entry's number.
import numpy as np


def unbroadcast(grad, shape):
    size = int(np.prod(shape, dtype=int))
    boxes = np.broadcast_to(np.arange(size).reshape(shape), np.shape(grad))
    return np.bincount(np.ravel(boxes), weights=np.ravel(grad), minlength=size).reshape(shape)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    return unbroadcast(grad_out * b, a.shape), unbroadcast(grad_out * a, b.shape)


def sigmoid_backward(grad_out, out):
    grad_x = np.zeros(out.shape)
    np.add.at(grad_x, ..., grad_out * out)
    np.subtract.at(grad_x, ..., grad_out * out * out)
    return grad_x


def matmul_backward(grad_out, a, b):
    grad_a, grad_b = np.zeros(a.shape), np.zeros(b.shape)
    n, d, h = np.indices((a.shape[0], a.shape[1], b.shape[1]))
    np.add.at(grad_a, (n, d), grad_out[n, h] * b[d, h])
    np.add.at(grad_b, (d, h), grad_out[n, h] * a[n, d])
    return grad_a, grad_b


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N = len(targets)
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = np.asarray(exps / exps.sum(axis=1, keepdims=True), dtype=float)
    np.add.at(probs, (np.arange(N), targets), -1.0)
    return probs * (grad_out / N)


def sgd_step(params, grads, lr):
    new_params = [np.array(param, dtype=float) for param in params]
    for new_param, grad in zip(new_params, grads):
        np.subtract.at(new_param, ..., lr * grad)
    return new_params


def numeric_gradient(f, x):
    grad_x = np.zeros(np.shape(x))
    for box in range(np.size(x)):
        for step in (1e-3, -1e-3):
            probe = np.array(x)
            np.put(probe, box, np.take(x, box) + step)
            np.add.at(grad_x.reshape(-1), box, f(probe) / (2 * step))
    return grad_x
