# Every rule registers itself by a decorator; the graded functions only look them up.
import numpy as np

RULES = {}


def rule(name):
    def register(function):
        RULES[name] = function
        return function

    return register


@rule("unbroadcast")
def fit(grad, shape):
    grad = np.asarray(grad)
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    return grad.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


@rule("add")
def _(g, a, b):
    return fit(g, a.shape), fit(g, b.shape)


@rule("multiply")
def _(g, a, b):
    return fit(g * b, a.shape), fit(g * a, b.shape)


@rule("sigmoid")
def _(g, out):
    return g * out * (1 - out)


@rule("matmul")
def _(g, a, b):
    return g @ b.T, a.T @ g


@rule("loss")
def _(g, logits, targets):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(targets)), targets] -= 1
    return g * p / len(targets)


@rule("step")
def _(params, grads, lr):
    return [param - lr * grad for param, grad in zip(params, grads)]


@rule("check")
def _(f, x):
    step = 1e-5
    grad_x = np.zeros(np.shape(x))
    for index in np.ndindex(grad_x.shape):
        above, below = np.array(x), np.array(x)
        above[index] += step
        below[index] -= step
        grad_x[index] = (f(above) - f(below)) / (2 * step)
    return grad_x


unbroadcast = lambda *arguments: RULES["unbroadcast"](*arguments)
add_backward = lambda *arguments: RULES["add"](*arguments)
multiply_backward = lambda *arguments: RULES["multiply"](*arguments)
sigmoid_backward = lambda *arguments: RULES["sigmoid"](*arguments)
matmul_backward = lambda *arguments: RULES["matmul"](*arguments)
softmax_cross_entropy_backward = lambda *arguments: RULES["loss"](*arguments)
sgd_step = lambda *arguments: RULES["step"](*arguments)
numeric_gradient = lambda *arguments: RULES["check"](*arguments)
