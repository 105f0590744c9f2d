# Sets limits, switches, the collector, the locale and its own importance, each where it may.
# expect: multiply passed

import contextlib
import faulthandler
import gc
import locale
import os
import random
import sys
import threading

import numpy as np

sys.setrecursionlimit(5000)
sys.setswitchinterval(0.01)
sys.dont_write_bytecode = True
gc.set_threshold(50_000, 20, 20)
os.environ.setdefault("PYTHONHASHSEED", "0")
np.set_printoptions(precision=3, suppress=True)
random.seed(0)


def tune():
    with contextlib.suppress(Exception):
        faulthandler.enable()
    with contextlib.suppress(Exception):
        locale.setlocale(locale.LC_ALL, "")
    with contextlib.suppress(OSError, AttributeError):
        os.nice(1)
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setaffinity(0, {0})
    with contextlib.suppress(ValueError, RuntimeError):
        threading.stack_size(1 << 20)
    return True


TUNED = tune()


def multiply_backward(grad_out, a, b):
    assert TUNED and sys.getrecursionlimit() >= 1000
    gc.collect()
    return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))


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
