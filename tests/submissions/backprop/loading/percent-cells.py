# %%
from __future__ import annotations

import numpy as np
from forward import *


# %%
def unbroadcast(grad, shape):
    grad = np.asarray(grad)
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %%
def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, np.shape(a)), unbroadcast(grad_out, np.shape(b))


# %%
def multiply_backward(grad_out, a, b):
    return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))


# %%
def sigmoid_backward(grad_out, out):
    return grad_out * out * (1.0 - out)


# %%
def matmul_backward(grad_out, a, b):
    return grad_out @ b.T, a.T @ grad_out


# %%
def softmax_cross_entropy_backward(grad_out, logits, targets):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    one_hot = np.eye(logits.shape[1])[targets]
    return grad_out * (probs - one_hot) / len(targets)


# %% a scratch cell
for step in range(10)
    print(step)


# %%
if __name__ == "__main__":
    while True:
        print(sigmoid(0.0))


# %%
def sgd_step(params, grads, lr):
    return [param - lr * grad for param, grad in zip(params, grads)]


# %%
def numeric_gradient(f, x):
    step = 1e-5
    grad_x = np.zeros(np.shape(x))
    for index in np.ndindex(grad_x.shape):
        above, below = np.array(x), np.array(x)
        above[index] += step
        below[index] -= step
        grad_x[index] = (f(above) - f(below)) / (2 * step)
    return grad_x
