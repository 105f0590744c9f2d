"""Derivatives by complex step: of a forward function alone, without any backward formula.

`imag(f(x + ih)) / h` has no difference of nearby numbers in it, so h can be 1e-30 and the derivative is right to
the last digit (Squire and Trapp, SIAM Review 40, 1998). numpy only.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from autograder.records import Array, Forward

STEP = 1e-30
"""The imaginary step. Small enough that its square vanishes beside 1, large enough to stay a normal number."""


def vjp(forward: Forward, operands: Sequence[Array], wrt: int, grad_out: Array) -> tuple[Array, Array]:
    """`grad_out` times the Jacobian of `forward` in `operands[wrt]`, and the same with absolute values.

    Both have the operand's shape. The second bounds the rounding that a right answer may legitimately have.
    """
    shape = operands[wrt].shape
    columns = np.empty((*shape, *np.shape(grad_out)))
    values = np.array(operands[wrt], dtype=complex)
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
