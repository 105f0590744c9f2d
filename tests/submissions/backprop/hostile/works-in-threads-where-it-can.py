# Computes its two halves in threads, in processes, or one after the other.
# expect: multiply passed

import multiprocessing as mp
import queue
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np

LOCK = threading.Lock()
LOCAL = threading.local()


def half(grad_out, other, shape):
    with LOCK:
        LOCAL.calls = getattr(LOCAL, "calls", 0) + 1
    return unbroadcast(grad_out * other, shape)


def multiply_backward(grad_out, a, b):
    work = [(grad_out, b, np.shape(a)), (grad_out, a, np.shape(b))]
    try:
        with mp.Pool(2) as pool:
            return tuple(pool.starmap(half, work))
    except (OSError, RuntimeError, ImportError):
        pass
    try:
        with ProcessPoolExecutor(max_workers=mp.cpu_count()) as pool:
            return tuple(pool.map(half, *zip(*work)))
    except (OSError, RuntimeError, ImportError, NotImplementedError):
        pass
    try:
        with ThreadPoolExecutor(max_workers=2) as pool:
            return tuple(pool.map(lambda one: half(*one), work))
    except RuntimeError:
        pass
    results = queue.Queue()
    try:
        thread = threading.Thread(target=lambda: results.put(half(*work[0])), daemon=True)
        thread.start()
        thread.join()
    except RuntimeError:
        results.put(half(*work[0]))
    assert threading.current_thread().name == "MainThread" and threading.active_count() >= 1
    return results.get(timeout=1), half(*work[1])


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
