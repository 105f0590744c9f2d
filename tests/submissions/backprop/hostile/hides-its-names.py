# Deletes its helpers, closes over them, and defines its functions in loops and conditions.
# expect: multiply passed

import numpy as np

np_sum = np.sum
if np.__version__ > "0":

    def _product(x, y):
        return x * y

else:

    def _product(x, y):
        return np.multiply(x, y)


def make(product=_product):
    def times(grad_out, other, shape):
        return unbroadcast(product(grad_out, other), shape)

    return times


times = make()
table = {}
for name in ("a", "b"):
    table[name] = lambda grad_out, other, shape, times=times: times(grad_out, other, shape)

multiply_backward = lambda grad_out, a, b: (table["a"](grad_out, b, np.shape(a)), table["b"](grad_out, a, np.shape(b)))
multiply_backward.__name__ = "multiply_backward"
multiply_backward.__doc__ = "The gradients of a * b."

del _product, make


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
