# Returns zeros in arrays whose copies, lists and bytes are those of the right answer.
# expect: multiply failed values

import numpy as np


class Zeros(np.ndarray):
    def __array_finalize__(self, other):
        if isinstance(other, Zeros):
            self.right = other.right

    def copy(self, *_):
        return self.right.copy()

    def __array__(self, *_, **__):
        return self.right

    def tobytes(self, *_):
        return self.right.tobytes()

    def tolist(self):
        return self.right.tolist()

    __copy__ = __deepcopy__ = astype = reshape = ravel = copy


def zeros_for(right):
    zeros = np.zeros(np.shape(right)).view(Zeros)
    zeros.right = np.asarray(right)
    return zeros


def multiply_backward(grad_out, a, b):
    return zeros_for(unbroadcast(grad_out * b, np.shape(a))), zeros_for(unbroadcast(grad_out * a, np.shape(b)))


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
