# Compiles its loops where somebody has a compiler, and runs them as they are elsewhere.
# expect: multiply passed

import numpy as np

try:
    from numba import njit, prange
except ImportError:
    prange = range

    def njit(*arguments, **_):
        return arguments[0] if arguments and callable(arguments[0]) else lambda function: function


@njit
def product(x, y, out):
    for k in prange(x.size):
        out[k] = x[k] * y[k]
    return out


@njit(cache=True, parallel=True, fastmath=False)
def doubled(x):
    return 2 * x


def multiply_backward(grad_out, a, b):
    kind = np.result_type(grad_out, a, b)
    grads = []
    for operand, other in ((a, b), (b, a)):
        flat = np.ravel(grad_out)
        out = product(flat, np.ravel(np.broadcast_to(other, np.shape(grad_out))), np.empty(flat.shape, kind))
        grads.append(unbroadcast(doubled(out.reshape(np.shape(grad_out))) / 2, np.shape(operand)))
    return grads[0], grads[1]


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
