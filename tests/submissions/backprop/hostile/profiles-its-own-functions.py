# Profiles each of its calls with every profiler there is, and prints what takes long.
# expect: multiply passed

import cProfile
import io
import pstats
import timeit
import tracemalloc

import numpy as np
from line_profiler import LineProfiler
from memory_profiler import profile

TIMES = []


@profile
def product(grad_out, other):
    return grad_out * other


def multiply_backward(grad_out, a, b):
    profiler = cProfile.Profile()
    tracemalloc.start()
    lines = LineProfiler()
    lines.add_function(product)
    profiler.enable()
    try:
        grads = unbroadcast(product(grad_out, b), np.shape(a)), unbroadcast(product(grad_out, a), np.shape(b))
    finally:
        profiler.disable()
        tracemalloc.stop()
    lines.print_stats()
    TIMES.append(timeit.timeit(lambda: product(grad_out, b), number=2))
    pstats.Stats(profiler, stream=io.StringIO()).sort_stats("cumtime").print_stats(3)
    return grads


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
