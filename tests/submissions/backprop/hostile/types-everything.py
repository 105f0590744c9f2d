# Annotates all it has with names that exist only for type checkers.
# expect: multiply passed

from __future__ import annotations

import typing as t
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Callable, Generic, List, NamedTuple, Optional, Protocol, Tuple, TypeVar, Union

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import torch

Array = npt.NDArray[np.float64]
T = TypeVar("T", bound=np.generic)
Pair = Tuple[Array, Array]


class Backward(Protocol):
    def __call__(self, grad_out: Array) -> Pair: ...


class Gradients(NamedTuple):
    a: Array
    b: Array


class Rule(ABC, Generic[T]):
    @abstractmethod
    def apply(self, grad_out: NDArray[T]) -> Gradients: ...


class Multiply(Rule[np.float64]):
    def __init__(self, a: ArrayLike, b: ArrayLike, hook: Optional[Callable[[Any], None]] = None) -> None:
        self.a: NDArray[np.float64] = np.asarray(a)
        self.b: NDArray[np.float64] = np.asarray(b)

    def apply(self, grad_out: NDArray[np.float64]) -> Gradients:
        return Gradients(unbroadcast(grad_out * self.b, self.a.shape), unbroadcast(grad_out * self.a, self.b.shape))


def multiply_backward(grad_out: Array, a: Union[Array, float], b: torch.Tensor | Array) -> Gradients:
    rules: List[Rule] = [Multiply(a, b)]
    grads: t.Final = t.cast(Gradients, rules[0].apply(grad_out))
    return grads


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
