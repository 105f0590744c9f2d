# Compares itself with torch, jax, pandas, scipy and sklearn wherever they are there.
# expect: multiply passed

import numpy as np

try:
    import torch
    import torch.nn.functional as F

    HAS_TORCH = True
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(0)
except ImportError:
    HAS_TORCH = False

try:
    import pandas as pd
    import scipy.special
    from sklearn.datasets import load_iris
except ModuleNotFoundError as error:
    pd = None
    print("No", error.name)

try:
    import cupy as xp
except ImportError:
    xp = np


def multiply_backward(grad_out, a, b):
    answer = unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))
    if HAS_TORCH:
        first = torch.tensor(a, requires_grad=True)
        (first * torch.tensor(b)).backward(torch.tensor(grad_out))
        assert np.allclose(first.grad.numpy(), answer[0])
    if pd is not None:
        print(pd.DataFrame(answer[0]).describe())
    try:
        import jax
    except ImportError:
        jax = None
    return xp.asarray(answer[0]), xp.asarray(answer[1])


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
