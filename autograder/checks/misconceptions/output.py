"""One output of one call, with all that is needed to say what a function with a certain mistake returns for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from autograder.checks.forwards import flat_forward
from autograder.derivative import vjp
from autograder.records import Argument, Array, Assignment, Case, Forward


@dataclass(frozen=True, eq=False)
class Output:
    """One output of one call of a case: everything that a row of the table may use.

    `grad_out` has the shape of the forward's output. `operands` are float64, in one flat row; `operand` is the one
    whose gradient is asked for, at the place `wrt`; `position` counts the gradients that the function returns, and
    `in_list` says that they make a list. `arguments` are what the student's function was given, with dtypes and
    layouts.
    """

    forward: Forward
    operands: tuple[Array, ...]
    grad_out: Array
    wrt: int
    position: int
    in_list: bool
    arguments: tuple[Argument, ...]

    @property
    def operand(self) -> Array:
        return self.operands[self.wrt]

    @property
    def other(self) -> Array:
        """The other one of two operands."""
        return self.operands[1 - self.wrt]

    @cached_property
    def out(self) -> Array:
        """What the forward function returns."""
        return np.asarray(self.forward(*self.operands))

    @cached_property
    def right(self) -> Array:
        """The right gradient, of the operand's shape."""
        return self.vjp()

    @cached_property
    def magnitude(self) -> float:
        """The largest value of `sum |grad_out| |J|`: what rounding is measured against."""
        return float(np.max(vjp(self.forward, self.operands, self.wrt, self.grad_out)[1], initial=0.0))

    def vjp(self, grad_out: Array | None = None, *operands: Array, wrt: int | None = None) -> Array:
        """The right gradient for another upstream, other operands, or of another operand."""
        upstream = self.grad_out if grad_out is None else np.broadcast_to(grad_out, self.out.shape)
        return vjp(self.forward, operands or self.operands, self.wrt if wrt is None else wrt, upstream)[0]

    def unsummed(self, grad_out: Array | None = None) -> Array:
        """The gradient before what broadcasting repeated is added up: one value for each entry of the output.

        Of the shape of the output; for operations in which an operand is broadcast against the others only.
        """
        stretched = list(self.operands)
        stretched[self.wrt] = np.array(np.broadcast_to(self.operand, self.out.shape))
        return self.vjp(grad_out, *stretched)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the operand and of what the forward function returns."""
        return self.operand.shape, self.out.shape

    @property
    def is_broadcast(self) -> bool:
        """Whether the operand was stretched to the shape of the output."""
        return self.operand.shape != self.out.shape

    @property
    def leading_axes(self) -> tuple[int, ...]:
        """The axes of the output that the operand does not have."""
        return tuple(range(self.out.ndim - self.operand.ndim))

    @property
    def stretched_axes(self) -> tuple[int, ...]:
        """The axes of the output in which the operand has length 1, and the output has not."""
        gap = self.out.ndim - self.operand.ndim
        shape = self.operand.shape
        return tuple(gap + axis for axis, size in enumerate(shape) if size == 1 and self.out.shape[gap + axis] != 1)

    def predicted(self, predict: Predict) -> Array | None:
        """What the row says of this output. Raises what numpy raises, where the mistake gets no further."""
        if predict not in self._predictions:
            self._predictions[predict] = _outcome(predict, self)
        outcome = self._predictions[predict]
        if isinstance(outcome, Exception):
            raise outcome.with_traceback(None)  # else each raise would add frames, and all that is in them, for good
        return outcome

    @cached_property
    def _predictions(self) -> dict[Predict, Array | Exception | None]:
        """Every wrong submission of a class is compared with the same ones."""
        return {}


Predict = Callable[[Output], "Array | None"]
"""What a function with a certain mistake returns for one output; None where the mistake does not show."""


def _outcome(predict: Predict, one: Output) -> Array | Exception | None:
    try:
        with np.errstate(all="ignore"):
            predicted = predict(one)
    except Exception as error:
        return error.with_traceback(None)
    return None if predicted is None else np.asarray(predicted)


_OUTPUTS: WeakKeyDictionary[Case, tuple[Output, ...]] = WeakKeyDictionary()
"""Of the cases of a deck, for as long as there is the deck."""


def outputs_of(assignment: Assignment, case: Case) -> tuple[Output, ...]:
    """The outputs of the first call of a case, in the order in which the student's function returns them."""
    if case not in _OUTPUTS:
        call = case.calls[0]
        forward = flat_forward(assignment.forwards[case.key.forward], case.key.lists)
        _OUTPUTS[case] = tuple(
            Output(forward, call.operands, call.grad_out, wrt, position, any(case.key.lists), call.arguments)
            for position, wrt in enumerate(case.key.wrt)
        )
    return _OUTPUTS[case]
