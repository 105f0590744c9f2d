# Matches patterns, assigns within expressions, merges dictionaries and unpacks with stars.
# expect: multiply passed

import numpy as np

DEFAULTS = {"scale": 1.0} | {"verbose": False}


def both(first, /, second, *, scale=1.0):
    return [scale * first, scale * second]


def multiply_backward(grad_out, a, b, /, **options):
    match (np.shape(a), np.shape(b)):
        case ((), ()):
            kind = "numbers"
        case (rows, cols) if len(rows) == len(cols):
            kind = f"{len(rows)=} {cols!r:>10}"
        case _:
            kind = "other"
    if (size := np.size(grad_out)) > 10**9 or kind is None:
        raise ValueError(f"{size:,} entries of {kind}")
    settings = {**DEFAULTS, **options}
    grad_a, *others = both(grad_out * b, grad_out * a, scale=settings["scale"])
    shapes = dict(zip("ab", map(np.shape, (a, b)), strict=True))
    return *(unbroadcast(grad, shapes[name]) for name, grad in zip("ab", [grad_a, *others])),


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
