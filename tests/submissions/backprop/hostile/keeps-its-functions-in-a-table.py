# Enters its functions into tables by decorators, and takes them out again under their names.
# expect: multiply passed

import functools
import operator

import numpy as np

BACKWARD = {}


def backward_of(name, *, arity=2):
    def enter(function):
        @functools.wraps(function)
        def checked(*arguments):
            assert len(arguments) == arity + 1, f"{name} wants {arity} arguments"
            return function(*arguments)

        BACKWARD[name] = checked
        return checked

    return enter


@backward_of("multiply")
def _multiply(grad_out, a, b):
    return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))


@backward_of("add")
def _add(grad_out, a, b):
    return unbroadcast(grad_out, np.shape(a)), unbroadcast(grad_out, np.shape(b))


@backward_of("sigmoid", arity=1)
def _sigmoid(grad_out, out):
    return functools.reduce(operator.mul, (grad_out, out, 1.0 - out))


multiply_backward, add_backward = BACKWARD["multiply"], BACKWARD["add"]
sigmoid_backward = BACKWARD["sigmoid"]


# ---- the rest is right -------------------------------------------------------------------------------------


def unbroadcast(grad, shape):
    grad = np.sum(grad, axis=tuple(range(np.ndim(grad) - len(shape))))
    return np.sum(grad, axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


def matmul_backward(grad_out, a, b):
    return np.matmul(grad_out, b.T), np.matmul(a.T, grad_out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    probs = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1.0
    return grad_out * probs / len(targets)


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
