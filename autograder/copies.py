"""A right backward function for an operation that does nothing but copy entries: broadcast, reshape, transpose.

Its forward function, given the numbers of the entries in place of these, says where each entry of the result comes
from. The gradient of an entry is then the sum of those of its copies. That is all that is known here: whoever is lent
such a function learns nothing about how to differentiate another one. numpy only.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.records import Array, Operation

SHAPES = (((2, 3), (2, 3)), ((3,), (2, 3)), ((2, 1), (2, 3)), ((), (2,)))
"""Shapes of the operand that is copied, and of all others, in which an operation is tried."""


def can_be_given(operation: Operation) -> bool:
    """Whether `right_function` can answer for it: it copies one operand, and is called with grad_out and its shape."""
    if len(operation.gradients) != 1:
        return False
    (copied,) = operation.gradients
    if set(operation.receives) != {"grad_out", f"{copied}.shape"}:
        return False
    found = [_is_copy(operation, shape, others) for shape, others in SHAPES]
    return True in found and False not in found


def right_function(operation: Operation) -> Callable[..., Any]:
    """A right backward function of an operation that `can_be_given`: it is called as a student's would be.

    An operand that is not received has the shape of grad_out.
    """
    (copied,) = operation.gradients

    def right(*received: Any) -> Any:
        if len(received) != len(operation.receives):
            raise TypeError(f"{operation.function} takes {len(operation.receives)} arguments, not {len(received)}")
        given = dict(zip(operation.receives, received))
        grad_out, shape = np.asarray(given["grad_out"]), tuple(given[f"{copied}.shape"])
        numbers = _numbers(shape)
        origins = np.rint(_forward(operation, numbers, grad_out.shape)).astype(np.intp)
        copies = np.broadcast_to(grad_out, origins.shape)
        return np.bincount(origins.ravel(), copies.ravel(), minlength=numbers.size).reshape(shape)

    return right


def in_place_of(theirs: object, right: Callable[..., Any]) -> Callable[..., Any]:
    """The right function, called with the student's names for its arguments."""
    try:
        signature = inspect.signature(theirs)  # type: ignore[arg-type]
    except Exception:  # not there, or no function
        return right

    def given(*values: Any, **named: Any) -> Any:
        bound = signature.bind(*values, **named)
        return right(*bound.args, *bound.kwargs.values())

    return given


def _numbers(shape: Sequence[int]) -> Array:
    size = int(np.prod(shape, dtype=np.intp))
    return np.arange(size, dtype=np.float64).reshape(shape)


def _forward(operation: Operation, copied: Array, others: Sequence[int]) -> Array:
    """The result for this operand, with zeros for all others."""
    operands = [copied if name in operation.gradients else np.zeros(others) for name in operation.operands]
    return np.asarray(operation.forward(*operands))


def _is_copy(operation: Operation, shape: Sequence[int], others: Sequence[int]) -> bool | None:
    """Whether each entry of the result is one of the operand's, whatever these are; None for shapes that do not fit."""
    numbers = _numbers(shape)
    values = np.random.default_rng(0).normal(size=shape)
    try:
        origins = _forward(operation, numbers, others)
        result = _forward(operation, values, others)
    except Exception:
        return None
    if origins.shape != result.shape or not np.isin(origins, numbers).all():
        return False
    return bool(np.array_equal(result, values.ravel()[origins.astype(np.intp)]))
