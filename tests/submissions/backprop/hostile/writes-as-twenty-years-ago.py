# Writes as for an old Python: percent signs, backslashes, semicolons, reduce, and functions named by type().
# expect: multiply passed

from __future__ import absolute_import, division, print_function, unicode_literals

import string
from functools import reduce

import numpy as np

try:
    xrange
except NameError:
    xrange = range
try:
    from itertools import izip as zip
except ImportError:
    pass


class Old(object):
    __metaclass__ = type

    def __init__(self, *args, **kw):
        super(Old, self).__init__(); self.args = args; self.kw = kw


def product(*numbers): return reduce(lambda x, y: x * y, numbers, 1.0)


def multiply_backward(grad_out, a, b):
    old = Old(grad_out, a, b); grads = [None, None]
    for k in xrange(2):
        grads[k] = unbroadcast(product(old.args[0], \
                                       old.args[2 - k]), np.shape(old.args[1 + k]))
    print("%s: %d gradients, %5.2f" % (string.ascii_letters[:3], len(grads), 1 / 2))
    if not (type(grads) == type([]) and len(grads) == 2): raise ValueError("%r" % grads)
    return grads[0], grads[1]


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
