# Prints tables, colours, boxes and progress of its own over each of its gradients.
# expect: multiply passed

import pprint
import sys
import textwrap

import numpy as np
from tabulate import tabulate
from termcolor import colored

try:
    from rich.console import Console
    from rich.table import Table
except ImportError:
    Console = Table = None

RED, BOLD, END = "\033[91m", "\033[1m", "\033[0m"


def report(grads):
    rows = [[name, np.shape(grad), f"{np.mean(grad):+.3e}"] for name, grad in zip("ab", grads)]
    print(tabulate(rows, headers=["name", "shape", "mean"], tablefmt="github"))
    print(colored("gradients", "green", attrs=["bold"]), RED + BOLD + "!" * 3 + END, sep="\t", end="\r\n", flush=True)
    sys.stdout.write("┌" + "─" * 40 + "┐\n" + textwrap.indent(pprint.pformat(rows, width=38), "│ ") + "\n")
    sys.stdout.flush()
    with np.printoptions(precision=2, suppress=True, linewidth=40):
        print(*grads, sep="\n")
    if Console is not None:
        Console().print(Table(title="gradients"))


def multiply_backward(grad_out, a, b):
    grads = unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))
    report(grads)
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
