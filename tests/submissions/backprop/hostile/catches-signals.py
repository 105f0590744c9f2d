# Sets handlers for Ctrl-C and an alarm, in `try`, and puts the old ones back.
# expect: multiply passed

import atexit
import faulthandler
import gc
import resource
import signal
import sys
import weakref

import numpy as np


def stop(number, frame):
    print("interrupted")
    sys.exit(1)


atexit.register(print, "bye")
signal.signal(signal.SIGINT, stop)


class Cache:
    pass


def multiply_backward(grad_out, a, b):
    before = signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGTERM, before if before is not None else signal.SIG_DFL)
    try:
        signal.signal(signal.SIGALRM, stop)
        signal.alarm(0)
    except (OSError, AttributeError):
        pass
    try:
        faulthandler.enable()
    except (RuntimeError, OSError, ValueError):
        pass
    cache = Cache()
    cache.answer = unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))
    weakref.finalize(cache, print, "cache is gone")
    answer = cache.answer
    del cache
    gc.collect()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")
    print(sys.getsizeof(answer), sys.getrefcount(answer), gc.get_count())
    return answer


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
