# Imports numpy under several names, parts of it alone, and forgets some of them again.
# expect: multiply passed

import numpy
import numpy as np
import numpy as onp
import numpy.linalg as la
import numpy.random as npr
from numpy import array, asarray as as_array, multiply, newaxis, sum as total
from numpy.testing import assert_allclose

numpy_again = __import__("numpy")
jnp = np
npr.seed(1)
la_alias = la
del la_alias


def multiply_backward(grad_out, a, b):
    import numpy as inner

    grads = [multiply(grad_out, b), onp.multiply(grad_out, a)]
    assert_allclose(total(array(grads[0])), numpy_again.sum(as_array(grads[0])), rtol=1e-3, atol=1e-6)
    assert la.norm(inner.ravel(grads[0])[newaxis]) >= 0 and jnp is numpy
    return unbroadcast(grads[0], numpy.shape(a)), unbroadcast(grads[1], numpy.shape(b))


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
