# Mounts a drive as every notebook from Colab does, and goes on without it.
# expect: multiply passed

import os
import sys

import numpy as np

try:
    from google.colab import drive, files

    drive.mount("/content/drive", force_remount=True)
    FOLDER = "/content/drive/MyDrive/homework"
    IN_COLAB = "google.colab" in sys.modules
except ImportError:
    FOLDER, IN_COLAB = ".", False

if IN_COLAB and os.path.exists(FOLDER):
    os.chdir(FOLDER)
    sys.path.append(FOLDER)


def multiply_backward(grad_out, a, b):
    if IN_COLAB and os.path.isdir(FOLDER):
        np.save(os.path.join(FOLDER, "grad.npy"), grad_out)
        files.download("grad.npy")
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
