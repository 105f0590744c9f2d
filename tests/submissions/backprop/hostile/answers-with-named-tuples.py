# Returns its gradients in tuples whose entries have names, made in three ways.
# expect: multiply passed

import collections
import typing

import numpy as np

Pair = collections.namedtuple("Pair", "grad_a grad_b", defaults=(None,))


class Gradients(typing.NamedTuple):
    grad_a: np.ndarray
    grad_b: np.ndarray

    @property
    def norm(self):
        return float(np.sqrt(sum(np.sum(one**2) for one in self)))


def multiply_backward(grad_out, a, b):
    pair = Pair(unbroadcast(grad_out * b, np.shape(a)))._replace(grad_b=unbroadcast(grad_out * a, np.shape(b)))
    gradients = Gradients(**pair._asdict())
    assert gradients.norm >= 0.0 and gradients._fields == pair._fields
    return gradients if np.ndim(a) else pair


# ---- the rest is right -------------------------------------------------------------------------------------


def unbroadcast(grad, shape):
    grad = np.sum(grad, axis=tuple(range(np.ndim(grad) - len(shape))))
    return np.sum(grad, axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, np.shape(a)), unbroadcast(grad_out, np.shape(b))


def sigmoid_backward(grad_out, out):
    return grad_out * out * (1.0 - out)


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
