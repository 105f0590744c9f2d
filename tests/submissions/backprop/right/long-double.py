# Long double inside and in the results: more digits than anybody asked for.
import numpy as np


def wide(array):
    return np.asarray(array, dtype=np.longdouble)


def unbroadcast(grad, shape):
    grad = wide(grad)
    grad = wide(grad.sum(axis=tuple(range(grad.ndim - len(shape)))))
    ones = tuple(axis for axis in range(len(shape)) if shape[axis] == 1)
    return grad.sum(axis=ones, keepdims=True)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    grad_out, a, b = wide(grad_out), wide(a), wide(b)
    return unbroadcast(grad_out * b, a.shape), unbroadcast(grad_out * a, b.shape)


def sigmoid_backward(grad_out, out):
    return wide(grad_out) * wide(out) * (1 - wide(out))


def matmul_backward(grad_out, a, b):
    return wide(grad_out) @ wide(b).T, wide(a).T @ wide(grad_out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    logits = wide(logits)
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = exps / exps.sum(axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1
    return wide(grad_out) * probs / len(targets)


def sgd_step(params, grads, lr):
    return [wide(param) - wide(lr) * wide(grad) for param, grad in zip(params, grads)]


def numeric_gradient(f, x):
    grad_x = np.zeros(np.shape(x), dtype=np.longdouble)
    for at in np.ndindex(np.shape(x)):
        there, back = np.array(x), np.array(x)
        there[at] += 1e-5
        back[at] -= 1e-5
        # the step that was really taken, after rounding to the digits of x
        run = wide(there[at]) - wide(back[at])
        grad_x[at] = (wide(f(there)) - wide(f(back))) / run
    return grad_x
