# Wide and dense: everything that fits into one expression is one expression.
import numpy as np


def unbroadcast(grad, shape):
    return np.reshape(np.sum(grad, tuple(i for i in range(-np.ndim(grad), 0) if -i > len(shape) or shape[i] == 1)), shape)


def add_backward(grad_out, a, b): return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)
def multiply_backward(grad_out, a, b): return tuple(unbroadcast(grad_out * y, x.shape) for x, y in ((a, b), (b, a)))
def sigmoid_backward(grad_out, out): return grad_out * out * (1 - out)
def matmul_backward(grad_out, a, b): return (b @ grad_out.T).T, a.T @ grad_out
def sgd_step(params, grads, lr): return [p - lr * g for p, g in zip(params, grads)]
def numeric_gradient(f, x): return np.reshape([(f(np.reshape(np.ravel(x) + d, np.shape(x))) - f(x)) / 1e-6 for d in 1e-6 * np.eye(np.size(x))], np.shape(x))


def softmax_cross_entropy_backward(grad_out, logits, targets):
    return grad_out / len(logits) * ((e := np.exp(logits - logits.max(1)[:, None])) / e.sum(1)[:, None] - (targets[:, None] == np.arange(logits.shape[1])))
