# Gives each run a name out of uuid, hashes, secrets and the date, and finds its own file.
# expect: multiply passed

import base64
import hashlib
import hmac
import inspect
import os
import random
import secrets
import string
import uuid
import zlib
from datetime import date
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
FOLDER = os.path.dirname(os.path.abspath(__file__))
RUN = f"{date.today():%Y%m%d}-{uuid.uuid4().hex[:8]}"


class Run:
    def label(self):
        return RUN


def multiply_backward(grad_out, a, b):
    assert str(HERE) and FOLDER
    digest = hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest()
    short = hashlib.md5(repr(b).encode()).hexdigest()[:6] + "".join(random.choices(string.ascii_letters, k=4))
    names = {RUN, digest, short, secrets.token_hex(4), str(uuid.uuid1()), str(uuid.uuid5(uuid.NAMESPACE_DNS, "hw"))}
    assert len(names) == 6 and zlib.crc32(b"hw") and base64.b64encode(b"hw") and hmac.new(b"k", b"m", "sha1").digest()
    assert "def label" in inspect.getsource(Run) and Run().label() == RUN
    signature = inspect.signature(multiply_backward)
    assert list(signature.parameters) == ["grad_out", "a", "b"]
    assert "def multiply_backward" in inspect.getsource(multiply_backward)
    assert inspect.currentframe().f_code.co_name == inspect.stack()[0].function == "multiply_backward"
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
