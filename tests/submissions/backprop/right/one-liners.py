# Wide and dense: everything that fits into one expression is one expression.
import numpy as np


def fit(grad, to):
    return np.reshape(np.sum(grad, tuple(i for i in range(-np.ndim(grad), 0) if -i > np.ndim(to) or np.shape(to)[i] == 1)), np.shape(to))


def add_backward(grad_out, a, b): return fit(grad_out, a), fit(grad_out, b)
def multiply_backward(grad_out, a, b): return tuple(fit(grad_out * y, x) for x, y in ((a, b), (b, a)))
def sigmoid_backward(grad_out, out): return grad_out * out * (1 - out)
def matmul_backward(grad_out, a, b): return (b @ grad_out.T).T, a.T @ grad_out


def softmax_cross_entropy_backward(grad_out, logits, targets):
    return grad_out / len(logits) * ((e := np.exp(logits - logits.max(1)[:, None])) / e.sum(1)[:, None] - (targets[:, None] == np.arange(logits.shape[1])))
