# Enters contexts for times, errors, output and options before it multiplies, and leaves them again.
# expect: multiply passed

import contextlib
import contextvars
import decimal
import io
import time
import warnings

import numpy as np

MODE = contextvars.ContextVar("mode", default="train")


@contextlib.contextmanager
def timed(label):
    start = time.perf_counter()
    try:
        yield label
    finally:
        print(f"{label}: {time.perf_counter() - start:.6f}s")


class no_grad(contextlib.ContextDecorator):
    def __enter__(self):
        self.token = MODE.set("eval")
        return self

    def __exit__(self, *_):
        MODE.reset(self.token)
        return False


@no_grad()
def multiply_backward(grad_out, a, b):
    assert MODE.get() == "eval"
    with contextlib.redirect_stdout(io.StringIO()) as text, contextlib.ExitStack() as stack:
        stack.enter_context(timed("multiply"))
        stack.enter_context(np.errstate(all="raise", under="ignore"))
        stack.enter_context(warnings.catch_warnings(record=True))
        stack.enter_context(decimal.localcontext())
        stack.enter_context(contextlib.nullcontext())
        stack.callback(print, "left")
        grads = unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))
    assert "left" in text.getvalue()
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
