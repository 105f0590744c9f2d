# A star import brings all names of numpy, its `multiply` and `sum` among them.
from numpy import *


def unbroadcast(grad, shape):
    grad = asarray(grad)
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    return sum(grad, axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, shape(a)), unbroadcast(grad_out, shape(b))


def multiply_backward(grad_out, a, b):
    return unbroadcast(multiply(grad_out, b), shape(a)), unbroadcast(multiply(grad_out, a), shape(b))


def sigmoid_backward(grad_out, out):
    return multiply(grad_out, out) * subtract(1, out)


def matmul_backward(grad_out, a, b):
    return dot(grad_out, transpose(b)), dot(transpose(a), grad_out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    probs = exp(logits - amax(logits, axis=1, keepdims=True))
    probs = probs / sum(probs, axis=1, keepdims=True)
    probs[arange(len(targets)), targets] -= 1
    return grad_out * probs / len(targets)


def sgd_step(params, grads, lr):
    return [subtract(param, multiply(lr, grad)) for param, grad in zip(params, grads)]


def numeric_gradient(f, x):
    step = 1e-5
    grad_x = zeros(shape(x))
    for index in ndindex(shape(x)):
        above, below = array(x), array(x)
        above[index] += step
        below[index] -= step
        grad_x[index] = divide(f(above) - f(below), 2 * step)
    return grad_x
