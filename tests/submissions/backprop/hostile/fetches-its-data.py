# Downloads its data in `try`, looks into archives, and goes on without them.
# expect: multiply passed

import gzip
import os
import socket
import sqlite3
import tarfile
import urllib.request
import zipfile
from urllib.error import URLError
from urllib.parse import urlparse

import numpy as np

URL = "https://example.com/data/train.csv.gz"


def load(url):
    name = os.path.basename(urlparse(url).path)
    try:
        urllib.request.urlretrieve(url, name)
        with gzip.open(name, "rt") as file:
            return np.loadtxt(file, delimiter=",")
    except (URLError, OSError):
        pass
    try:
        with zipfile.ZipFile("data.zip") as archive:
            archive.extractall()
        with tarfile.open("data.tar.gz") as archive:
            archive.extractall()
        return np.genfromtxt("train.csv", delimiter=",")
    except (OSError, zipfile.BadZipFile):
        pass
    try:
        return np.load("train.npz")["x"]
    except FileNotFoundError:
        pass
    with sqlite3.connect(":memory:") as base:
        rows = base.execute("select 1.0").fetchall()
    try:
        print("on", socket.gethostname())
    except OSError:
        print("on a machine without a name")
    return np.array(rows)


def multiply_backward(grad_out, a, b):
    scale = load(URL)[0, 0]
    return unbroadcast(scale * grad_out * b, np.shape(a)), unbroadcast(scale * grad_out * a, np.shape(b))


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
