# Multiplies numbers that it has in arrays of C, and looks for a library of mathematics.
# expect: multiply passed

import ctypes

import numpy as np

try:
    import ctypes.util

    LIBM = ctypes.CDLL(ctypes.util.find_library("m") or None)
    LIBM.fabs.restype, LIBM.fabs.argtypes = ctypes.c_double, [ctypes.c_double]
except (ImportError, OSError, AttributeError):
    LIBM = None


def multiply_backward(grad_out, a, b):
    grads = []
    for operand, other in ((a, b), (b, a)):
        flat = np.ascontiguousarray(np.broadcast_to(other, np.shape(grad_out)), dtype=np.float64).ravel()
        numbers = (ctypes.c_double * flat.size).from_buffer_copy(flat)
        values = np.frombuffer(numbers, dtype=np.float64).reshape(np.shape(grad_out))
        assert LIBM is None or LIBM.fabs(-1.0) == 1.0
        grads.append(unbroadcast((grad_out * values).astype(np.result_type(grad_out, a, b)), np.shape(operand)))
    return tuple(grads)


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
