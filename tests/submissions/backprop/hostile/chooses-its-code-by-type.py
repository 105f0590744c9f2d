# Chooses what to do by the types of its arguments, in protocols, overloads and generic classes.
# expect: multiply passed

import abc
import numbers
import typing
from functools import singledispatch, singledispatchmethod
from typing import Any, Generic, Protocol, TypeVar, Union, overload, runtime_checkable

import numpy as np

T = TypeVar("T")


@runtime_checkable
class HasShape(Protocol):
    shape: tuple


class Rule(abc.ABC, Generic[T]):
    @abc.abstractmethod
    def apply(self, grad: T, other: T) -> T: ...


class Times(Rule[Any]):
    @singledispatchmethod
    def apply(self, grad, other):
        return grad * other

    @apply.register
    def _(self, grad: list, other):
        return np.asarray(grad) * other


@singledispatch
def shape_of(one):
    return np.shape(one)


@shape_of.register(numbers.Number)
def _(one):
    return ()


@overload
def first_of(pair: float) -> float: ...
@overload
def first_of(pair: np.ndarray) -> np.ndarray: ...
def first_of(pair):
    return pair


def multiply_backward(grad_out: Union[float, np.ndarray], a: typing.Any, b: typing.Any) -> tuple:
    rule = Times()
    assert isinstance(np.ones(2), HasShape)
    grads = first_of(rule.apply(grad_out, b)), rule.apply(grad_out, a)
    return unbroadcast(grads[0], shape_of(a)), unbroadcast(grads[1], shape_of(b))


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
