# Comes with tests for pytest: fixtures, parameters, marks, and a call of pytest at the end.
# expect: multiply passed

import numpy as np

try:
    import pytest
except ImportError:
    class pytest:  # noqa
        @staticmethod
        def fixture(function=None, **_):
            return function or (lambda one: one)

        class mark:
            @staticmethod
            def parametrize(*_, **__):
                return lambda one: one

        approx = staticmethod(float)


def multiply_backward(grad_out, a, b):
    assert pytest.approx(1.0) == 1.0
    return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(2, 3), (1,), ()])
def test_multiply_backward(rng, shape):
    grad_out, a, b = (rng.normal(size=shape) for _ in range(3))
    np.testing.assert_allclose(multiply_backward(grad_out, a, b)[0], grad_out * b)


def test_that_fails():
    assert 1 == 2, "left from the last exercise"


if __name__ == "__main__":
    pytest.main([__file__, "-q"])


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
