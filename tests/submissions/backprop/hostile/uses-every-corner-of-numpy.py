# Takes the long way round: vectorize, frompyfunc, apply_along_axis, nditer, put, records and char.
# expect: multiply passed

import itertools as it
import math
import operator
from decimal import Decimal
from fractions import Fraction
from functools import partial, reduce

import numpy as np
from numpy.fft import fft
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from numpy.linalg import norm
from numpy.polynomial import Polynomial
from numpy.random import Generator, default_rng

times = np.vectorize(lambda x, y: x * y, otypes=[float])
mul = np.frompyfunc(operator.mul, 2, 1)


def multiply_backward(grad_out, a, b):
    grad_out = np.asarray(grad_out)
    grad_a = times(grad_out, b)
    grad_b = np.asarray(mul(grad_out, a), dtype=float)
    with np.nditer([grad_out, np.broadcast_to(b, grad_out.shape)], flags=["multi_index", "zerosize_ok"]) as entries:
        for one, other in entries:
            grad_a[entries.multi_index] = float(one) * float(other)
    assert abs(fft(np.ones(4))[0] - 4) < 1e-12 and norm(np.ones(4)) == 2 and Polynomial([1, 2])(1.0) == 3
    assert sliding_window_view(np.arange(5), 2).shape == (4, 2) and as_strided(np.ones(3), (2,)).sum() == 2
    assert np.char.upper("a") == "A" and isinstance(default_rng(0), Generator) and np.linalg.matrix_rank(np.eye(2)) == 2
    assert np.apply_along_axis(np.sum, 0, np.ones((2, 2))).sum() == 4 and np.piecewise(1.0, [True], [2.0]) == 2
    assert reduce(partial(math.gcd), [12, 18]) == 6 and sum(it.accumulate([1, 2])) == 4
    assert Fraction(1, 3) + Fraction(2, 3) == 1 and Decimal("0.1") * 10 == 1
    u, s, vt = np.linalg.svd(np.outer([1.0, 2.0], [1.0, 1.0]))
    np.linalg.qr(u), np.linalg.eigvals(vt), np.linalg.solve(np.eye(2), s), np.linalg.lstsq(u, s, rcond=None)
    np.histogram([1, 2]), np.percentile([1, 2], 50), np.unique([1, 1], return_counts=True), np.tensordot(u, vt, 1)
    np.einsum_path("ij,jk", u, vt), np.kron(u, vt), np.pad(s, 1), np.interp(0.5, [0, 1], [0, 1]), np.random.rand(2)
    str(np.datetime64("2024-01-01")), np.array([("x", 1.0)], dtype=[("name", "U1"), ("value", float)]).view(np.recarray)
    return unbroadcast(grad_a, np.shape(a)), unbroadcast(grad_b, np.shape(b))


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
