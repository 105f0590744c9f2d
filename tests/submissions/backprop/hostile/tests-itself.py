# Checks its own answers with unittest, doctest, numpy.testing and assertions, each time.
# expect: multiply passed

import doctest
import unittest

import numpy as np
import numpy.testing as npt
from numpy.testing import assert_allclose


def product(x, y):
    """
    >>> product(2, 3)
    6
    """
    return x * y


class TestProduct(unittest.TestCase):
    def test_product(self):
        self.assertEqual(product(2, 3), 6)
        self.assertAlmostEqual(product(0.5, 0.5), 0.25)


def multiply_backward(grad_out, a, b):
    grad_a, grad_b = unbroadcast(product(grad_out, b), np.shape(a)), unbroadcast(product(grad_out, a), np.shape(b))
    assert np.shape(grad_a) == np.shape(a), f"{np.shape(grad_a)} != {np.shape(a)}"
    assert_allclose(np.sum(grad_a * a), np.sum(grad_b * b), rtol=1e-6)
    npt.assert_array_equal(np.shape(grad_b), np.shape(b))
    suite = unittest.TestLoader().loadTestsFromTestCase(TestProduct)
    assert unittest.TextTestRunner(verbosity=0).run(suite).wasSuccessful()
    test, = doctest.DocTestFinder().find(product, "product", globs={"product": product}, module=False)
    assert doctest.DocTestRunner(verbose=False).run(test).failed == 0
    return grad_a, grad_b


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
