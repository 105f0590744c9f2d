# Makes folders, saves arrays, and reads its data, all of it in `try`.
# expect: multiply passed

import csv
import json
import os
import pickle
import shutil
import tempfile
from pathlib import Path

import numpy as np

OUTPUT = Path("outputs") / "figures"
try:
    DATA = np.loadtxt("data/train.csv", delimiter=",", skiprows=1)
except OSError:
    DATA = np.zeros((4, 2))
try:
    with open("config.json") as file:
        CONFIG = json.load(file)
except FileNotFoundError:
    CONFIG = {"scale": 1.0}


def save(grad):
    try:
        os.makedirs(OUTPUT, exist_ok=True)
        np.savetxt(OUTPUT / "grad.txt", grad)
        np.savez(OUTPUT / "grad.npz", grad=grad)
        with (OUTPUT / "grad.pkl").open("wb") as file:
            pickle.dump(grad, file)
        with open("log.csv", "a", newline="") as file:
            csv.writer(file).writerow(["step", "loss"])
    except OSError as error:
        print("not saved:", error)
    try:
        folder = tempfile.mkdtemp()
        shutil.rmtree(folder)
    except OSError:
        pass
    if OUTPUT.exists() or os.path.exists("checkpoint.npy") or list(Path(".").glob("*.npy")):
        print("there is a checkpoint")
    shutil.rmtree("outputs", ignore_errors=True)
    return os.path.abspath("."), os.getcwd(), Path.cwd(), Path("a").resolve(), os.path.expanduser("~/data")


def multiply_backward(grad_out, a, b):
    save(grad_out)
    scale = CONFIG["scale"] + np.sum(DATA)
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
