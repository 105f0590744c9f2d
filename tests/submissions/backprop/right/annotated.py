# An experienced programmer: types, docstrings, assertions, defaults and keyword-only options.
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np


class Gradients(NamedTuple):
    """The gradients of a node with two operands."""

    grad_a: np.ndarray
    grad_b: np.ndarray


def unbroadcast(grad: np.ndarray, shape: Sequence[int], *, dtype: type = np.float64) -> np.ndarray:
    """Sum `grad` over the axes along which an operand of this shape was repeated."""
    grad = np.asarray(grad, dtype=dtype)
    added = grad.ndim - len(shape)
    assert added >= 0, "a gradient has at least as many axes as its operand"
    axes = tuple(i for i in range(grad.ndim) if i < added or shape[i - added] == 1)
    summed = grad.sum(axis=axes).reshape(shape)
    assert summed.shape == tuple(shape)
    return summed


def add_backward(grad_out: np.ndarray, a: np.ndarray, b: np.ndarray) -> Gradients:
    """Both operands receive the upstream gradient."""
    return Gradients(unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape))


def multiply_backward(grad_out: np.ndarray, a: np.ndarray, b: np.ndarray) -> Gradients:
    """Each operand receives the upstream gradient times the other operand."""
    return Gradients(grad_a=unbroadcast(grad_out * b, a.shape), grad_b=unbroadcast(grad_out * a, b.shape))


def sigmoid_backward(grad_out: np.ndarray, out: np.ndarray) -> np.ndarray:
    """The slope of the sigmoid, from its output."""
    return grad_out * out * (1.0 - out)


def matmul_backward(grad_out: np.ndarray, a: np.ndarray, b: np.ndarray) -> Gradients:
    """For a of shape (N, D) and b of shape (D, H)."""
    assert grad_out.shape == (a.shape[0], b.shape[1])
    return Gradients(grad_a=grad_out @ b.T, grad_b=a.T @ grad_out)


def softmax(logits: np.ndarray, axis: int = -1) -> np.ndarray:
    """Probabilities along an axis; the largest logit becomes exp(0)."""
    exps = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return exps / np.sum(exps, axis=axis, keepdims=True)


def softmax_cross_entropy_backward(grad_out: float, logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """For the mean of the losses of N examples."""
    N, V = logits.shape
    assert targets.shape == (N,)
    onehot = np.zeros((N, V))
    np.put_along_axis(onehot, targets[:, None].astype(np.intp), 1.0, axis=1)
    return grad_out * (softmax(logits) - onehot) / N


def sgd_step(params: Sequence[np.ndarray], grads: Sequence[np.ndarray], lr: float) -> list[np.ndarray]:
    """New parameters, each moved against its gradient."""
    assert len(params) == len(grads)
    return [param - lr * grad for param, grad in zip(params, grads)]


def moved(x: np.ndarray, index: tuple[int, ...], *, by: float) -> np.ndarray:
    """A copy of x with one entry moved."""
    copy = np.array(x, dtype=np.float64)
    copy[index] += by
    return copy


def numeric_gradient(f: Callable[[np.ndarray], float], x: np.ndarray, *, step: float = 1e-5) -> np.ndarray:
    """The gradient of f at x, by central differences."""
    grad = np.empty(np.shape(x), dtype=np.float64)
    for index in np.ndindex(grad.shape):
        rise = f(moved(x, index, by=step)) - f(moved(x, index, by=-step))
        grad[index] = rise / (2 * step)
    assert grad.shape == np.shape(x)
    return grad
