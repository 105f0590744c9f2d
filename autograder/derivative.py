"""Derivatives by complex step: of a forward function alone, without any backward formula.

`imag(f(x + ih)) / h` has no difference of nearby numbers in it, so h can be 1e-30 and the derivative is right to
the last digit (Squire and Trapp, SIAM Review 40, 1998). numpy only.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.records import Array, Forward, Operation

STEP = 1e-30
"""The imaginary step. Small enough that its square vanishes beside 1, large enough to stay a normal number."""


def vjp(forward: Forward, operands: Sequence[Array], wrt: int, grad_out: Array) -> tuple[Array, Array]:
    """`grad_out` times the Jacobian of `forward` in `operands[wrt]`, and the same with absolute values.

    Both have the operand's shape. The second bounds the rounding that a right answer may legitimately have.
    """
    shape = operands[wrt].shape
    columns = np.empty((*shape, *np.shape(grad_out)))
    values = operands[wrt].astype(complex)
    stepped, imaginary = [*operands[:wrt], values, *operands[wrt + 1 :]], values.imag
    for at in itertools.product(*map(range, shape)):
        imaginary[at] = STEP
        columns[at] = np.imag(forward(*stepped))
        imaginary[at] = 0.0
    columns /= STEP
    over_outputs = tuple(range(len(shape), columns.ndim))
    weighted = grad_out * columns
    return np.sum(weighted, axis=over_outputs), np.sum(np.abs(weighted), axis=over_outputs)


def jvp(forward: Forward, operands: Sequence[Array], wrt: int, direction: Array) -> Array:
    """The derivative of `forward` along `direction` in `operands[wrt]`, of the output's shape, by complex step."""
    stepped = list(operands)
    stepped[wrt] = operands[wrt] + 1j * STEP * direction
    return np.asarray(np.imag(forward(*stepped)) / STEP)


# ---- a right function without a formula --------------------------------------------------------------------


def can_be_given(operation: Operation) -> bool:
    """Whether `right_function` can answer for it: called with grad_out, operands and their shapes, and nothing else."""
    known = {"grad_out", *operation.operands, *(f"{name}.shape" for name in operation.operands)}
    return "grad_out" in operation.receives and set(operation.receives) <= known


def right_function(operation: Operation) -> Callable[..., Any]:
    """A right backward function of an operation that `can_be_given`: it is called as a student's would be.

    An operand of which only the shape is received is zeros; one that is not received at all has the shape of grad_out.
    So it is right where the gradient does not depend on what is missing.
    """

    def right(*received: Any) -> Any:
        if len(received) != len(operation.receives):
            raise TypeError(f"{operation.function} takes {len(operation.receives)} arguments, not {len(received)}")
        given = dict(zip(operation.receives, received))
        grad_out = np.asarray(given["grad_out"])
        operands = [_operand(name, given, grad_out) for name in operation.operands]
        wanted = [operation.operands.index(name) for name in operation.gradients]
        gradients = tuple(vjp(operation.forward, operands, wrt, grad_out)[0] for wrt in wanted)
        return gradients if len(gradients) > 1 else gradients[0]

    return right


def _operand(name: str, given: dict[str, Any], grad_out: Array) -> Array:
    return np.asarray(given[name]) if name in given else np.zeros(given.get(f"{name}.shape", grad_out.shape))
