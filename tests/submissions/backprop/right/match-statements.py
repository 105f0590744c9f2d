# Distinguishes shapes by match statements.
import numpy as np


def unbroadcast(grad, shape):
    grad = np.asarray(grad)
    match grad.shape, tuple(shape):
        case own, wanted if own == wanted:
            return grad.copy()
        case (_, *_), ():
            return np.asarray(grad.sum())
        case own, wanted if len(own) > len(wanted):
            return unbroadcast(grad.sum(axis=0), wanted)
        case own, wanted:
            axis = next(i for i, (n, m) in enumerate(zip(own, wanted)) if n != m and m == 1)
            return unbroadcast(grad.sum(axis=axis, keepdims=True), wanted)


def pair(grad_out, a, b, operation):
    match operation:
        case "+":
            ones = 1.0, 1.0
        case "*":
            ones = b, a
        case other:
            raise ValueError(other)
    left, right = ones
    return unbroadcast(grad_out * left, np.shape(a)), unbroadcast(grad_out * right, np.shape(b))


def add_backward(grad_out, a, b):
    return pair(grad_out, a, b, "+")


def multiply_backward(grad_out, a, b):
    return pair(grad_out, a, b, "*")


def sigmoid_backward(grad_out, out):
    return (out - out**2) * grad_out


def matmul_backward(grad_out, a, b):
    match np.shape(a), np.shape(b):
        case (n, k), (also_k, m) if k == also_k:
            assert np.shape(grad_out) == (n, m)
            return np.dot(grad_out, b.transpose()), np.dot(a.transpose(), grad_out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    match np.shape(logits):
        case (count, classes):
            exps = np.exp(logits - np.max(logits, axis=1, keepdims=True))
            grad = exps / exps.sum(axis=1, keepdims=True)
            for row, target in zip(range(count), targets):
                grad[row, target] -= 1
            return grad * (grad_out / count)


def sgd_step(params, grads, lr):
    match list(params), list(grads):
        case [], []:
            return []
        case [param, *params], [grad, *grads]:
            return [param - lr * grad, *sgd_step(params, grads, lr)]


def numeric_gradient(f, x):
    grad = np.empty(np.shape(x))
    h = 1e-5
    for index in np.ndindex(grad.shape):
        values = []
        for sign in (1, -1):
            point = np.array(x, dtype=float)
            point[index] += sign * h
            values.append(f(point))
        match values:
            case [above, below]:
                grad[index] = (above - below) / (2 * h)
    return grad
