# Asks for a learning rate at the keyboard, and takes the usual one where nobody answers.
# expect: multiply passed

import argparse
import getopt
import os
import sys

import numpy as np

parser = argparse.ArgumentParser(description="Homework 1")
parser.add_argument("--scale", type=float, default=1.0)
parser.add_argument("--verbose", action="store_true")
args, unknown = parser.parse_known_args()

if len(sys.argv) > 3:
    print("usage: hw.py [SCALE]")
    sys.exit(1)
HOME = os.environ.get("HOME", ".")
DEBUG = bool(os.getenv("DEBUG"))
try:
    ANSWER = input("scale? ")
except EOFError:
    ANSWER = ""


def multiply_backward(grad_out, a, b):
    try:
        scale = float(ANSWER or input("scale? "))
    except (EOFError, ValueError, OSError, RuntimeError):
        scale = args.scale
    getopt.getopt(sys.argv[1:], "v")
    if args.verbose or DEBUG:
        print(sys.stdin.readline(), HOME)
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
