# A star import brings all names of numpy, its `multiply` and `sum` among them.
from numpy import *


def fit(grad, shape):
    grad = asarray(grad)
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    return sum(grad, axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


def add_backward(grad_out, a, b):
    return fit(grad_out, shape(a)), fit(grad_out, shape(b))


def multiply_backward(grad_out, a, b):
    return fit(multiply(grad_out, b), shape(a)), fit(multiply(grad_out, a), shape(b))


def sigmoid_backward(grad_out, out):
    return multiply(grad_out, out) * subtract(1, out)


def matmul_backward(grad_out, a, b):
    return dot(grad_out, transpose(b)), dot(transpose(a), grad_out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    probs = exp(logits - amax(logits, axis=1, keepdims=True))
    probs = probs / sum(probs, axis=1, keepdims=True)
    probs[arange(len(targets)), targets] -= 1
    return grad_out * probs / len(targets)
