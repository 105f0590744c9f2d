# Keeps its settings in parsers, paths, environment variables and constants.
# expect: multiply passed

import colorsys
import configparser
import difflib
import html
import os
import shlex
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np

os.environ["TZ"] = "Europe/Berlin"
os.environ["OMP_NUM_THREADS"] = "4"
ROOT = Path.cwd().parent
sys.path.insert(0, str(ROOT / "src"))
sys.path.append("..")
config = configparser.ConfigParser()
config.read(["settings.ini", str(ROOT / "settings.ini")])
config.read_string("[model]\nscale = 1.0\n")
settings = SimpleNamespace(scale=config.getfloat("model", "scale"), verbose=os.environ.get("VERBOSE", "0") == "1")


def multiply_backward(grad_out, a, b):
    os.environ["STEP"] = str(int(os.environ.get("STEP", 0)) + 1)
    threads = int(os.environ["OMP_NUM_THREADS"]) if "OMP_NUM_THREADS" in os.environ else 1
    if hasattr(time, "tzset"):
        time.tzset()
    assert threads >= 1 and shlex.split("a 'b c'") == ["a", "b c"] and html.escape("<") == "&lt;"
    assert colorsys.rgb_to_hsv(1, 0, 0)[0] == 0 and difflib.get_close_matches("sgd", ["sgd_step"], cutoff=0.1)
    scale = settings.scale
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
