# Times itself with every clock there is, sleeps a little, and says when it is.
# expect: multiply passed

import calendar
import cProfile
import datetime as dt
import io
import locale
import pstats
import time
import timeit
import tracemalloc
from datetime import datetime, timedelta, timezone

import numpy as np

START = time.time()


class Timer:
    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *_):
        self.elapsed = time.perf_counter() - self.start


def multiply_backward(grad_out, a, b):
    tracemalloc.start()
    cpu, mono = time.process_time(), time.monotonic_ns()
    with Timer() as timer:
        answer = unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))
        time.sleep(0.001)
    current, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    locale.setlocale(locale.LC_ALL, "")
    profile = cProfile.Profile()
    profile.runcall(unbroadcast, answer[0], np.shape(a))
    pstats.Stats(profile, stream=io.StringIO()).sort_stats("cumtime").print_stats(5)
    now = datetime.now()
    stamp = f"{now:%Y-%m-%d %H:%M:%S} {time.strftime('%c')} {time.ctime()} {dt.date.today().isoformat()}"
    assert timer.elapsed >= 0.001 and time.process_time() >= cpu and time.monotonic_ns() >= mono and peak >= current
    assert timeit.timeit(lambda: np.sum(a), number=3) >= 0 and calendar.isleap(2024) and stamp
    assert now.astimezone(timezone.utc) - datetime.now(timezone.utc) < timedelta(days=2) and time.time() >= START
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
