# Wraps its functions in timers, counters, caches and type checks.
# expect: multiply passed

import functools
import time
from collections import defaultdict
from contextlib import contextmanager

import numpy as np

CALLS = defaultdict(list)


def timed(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            CALLS[function.__name__].append(time.perf_counter() - start)

    return inner


def of_arrays(*, dtype=float):
    def decorate(function):
        @functools.wraps(function)
        def inner(*args):
            return function(*(np.asarray(arg, dtype=dtype) for arg in args))

        return inner

    return decorate


class Counted:
    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function, self.count = function, 0

    def __call__(self, *args, **kwargs):
        self.count += 1
        return self.function(*args, **kwargs)


@functools.lru_cache(maxsize=None)
def summed_axes(from_shape, to_shape):
    lead = len(from_shape) - len(to_shape)
    return tuple(range(lead)) + tuple(i + lead for i, size in enumerate(to_shape) if size == 1)


@contextmanager
def announced(name):
    print("begin", name)
    yield
    print("end", name)


@timed
@Counted
@of_arrays(dtype=np.float64)
def multiply_backward(grad_out, a, b):
    with announced("multiply"):
        full = np.broadcast_shapes(a.shape, b.shape)
        grads = [np.sum(grad_out * other, axis=summed_axes(full, own.shape)) for own, other in ((a, b), (b, a))]
    assert len(CALLS["multiply_backward"]) == multiply_backward.__wrapped__.count - 1
    return grads[0].reshape(a.shape), grads[1].reshape(b.shape)


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
