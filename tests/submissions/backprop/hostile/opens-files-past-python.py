# Opens a file, and a folder, through the C library and the kernel's own calls.
# expect: multiply failed raised
# needs: files

import ctypes
import os

import numpy as np

OPENAT2 = 437


def multiply_backward(grad_out, a, b):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.fopen.restype = libc.opendir.restype = ctypes.c_void_p
    how = (ctypes.c_uint64 * 3)(os.O_RDONLY, 0, 0)
    for path in (np.__file__.encode(), b"/etc/passwd", b"/proc/self/status"):
        stream, folder = libc.fopen(path, b"r"), libc.opendir(os.path.dirname(path))
        if stream:
            libc.fclose(ctypes.c_void_p(stream))
        if folder:
            libc.closedir(ctypes.c_void_p(folder))
        if stream or folder:
            return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))
        for number in (libc.open(path, 0), libc.openat(-100, path, 0), libc.syscall(OPENAT2, -100, path, how, 24)):
            if number >= 0:
                os.close(number)
                return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))
    raise RuntimeError("the C library finds no files")


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
