"""All answers of a submission against the reference, in one flat pass.

An answer is judged by its scaled error `E = max|got - expected| / S`, where S is the largest value over the operand
of `sum |grad_out| |J|`: the size of the numbers that were added up, and so of the rounding that is nobody's fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from weakref import WeakKeyDictionary

import numpy as np

from autograder.checks.reference import Output, Reference
from autograder.records import Answers, Array, CaseAnswer, Reply, Value


@dataclass(frozen=True, eq=False)
class Comparison:
    """`error` is E of each output, NaN where there is no comparable answer, `limit` how large it may be; `got` is laid
    out like the expected."""

    got: Array
    error: Array
    limit: Array

    @property
    def is_right(self) -> Array:
        return self.error <= self.limit  # not `~(error > limit)`: NaN must count as wrong


def compare(reference: Reference, answers: Answers) -> Comparison:
    """E of every output of the reference. Outputs that were not asked for, or have another shape, stay NaN."""
    with np.errstate(all="ignore"):  # a student's numbers may overflow anything that is done with them
        return _compare(reference, answers)


def _compare(reference: Reference, answers: Answers) -> Comparison:
    pieces = [
        piece
        for answer, of_case in zip(chain(answers.cases, repeat(None)), _asked_of(reference))
        for asked in of_case
        for piece in _seen(answer, asked)
    ]
    if not pieces:
        return Comparison(np.zeros(0), np.zeros(0), np.zeros(0))
    got = np.concatenate(pieces, axis=None)
    largest = np.maximum.reduceat(np.abs(got - reference.expected), reference.starts)
    return Comparison(got, largest / reference.scale, reference.limit)


@dataclass(frozen=True, eq=False)
class _Asked:
    """The outputs of call number `call` of a case, their shapes, and NaN for all numbers that are seen of them.

    `is_whole` if these are all numbers, as they lie in memory, and `in_list` if nothing but a list holds them.
    """

    call: int
    outputs: tuple[Output, ...]
    shapes: tuple[tuple[int, ...], ...]
    missing: tuple[Array, ...]
    is_whole: bool
    in_list: bool


_ASKED: WeakKeyDictionary[Reference, tuple[tuple[_Asked, ...], ...]] = WeakKeyDictionary()
"""Of a reference, for each case the calls that are compared. In this order, outputs lie in the flat vectors."""


def _asked_of(reference: Reference) -> tuple[tuple[_Asked, ...], ...]:
    if reference not in _ASKED:
        _ASKED[reference] = tuple(
            tuple(
                _asked(call, [reference.outputs[index] for index in wanted])
                for call, wanted in enumerate(calls)
                if wanted
            )
            for calls in reference.of_call
        )
    return _ASKED[reference]


def _asked(call: int, outputs: Sequence[Output]) -> _Asked:
    return _Asked(
        call,
        tuple(outputs),
        tuple(output.shape for output in outputs),
        tuple(np.full(output.stop - output.start, np.nan) for output in outputs),
        is_whole=all(output.entries is None for output in outputs),
        in_list=outputs[0].in_list,
    )


def _seen(answer: CaseAnswer | None, asked: _Asked) -> Sequence[Array]:
    """The numbers of each output of a call that are compared, NaN where there is no comparable answer."""
    if answer is None or len(answer.replies) <= asked.call:
        return asked.missing
    reply = answer.replies[asked.call]
    if asked.is_whole and reply.raised is None and not (asked.in_list and reply.container == "one"):
        arrays = [value.data for value in reply.values if value.data is not None]
        if tuple([array.shape for array in arrays]) == asked.shapes and len(arrays) == len(reply.values):
            return arrays  # one for each output, as usual: what `gradients_of` would find
    values = gradients_of(reply, asked.outputs)
    if values is None:
        return asked.missing
    return [
        output.seen(value.data) if value.data is not None and value.shape == output.shape else missing
        for output, value, missing in zip(asked.outputs, values, asked.missing)
    ]


def gradients_of(reply: Reply, outputs: Sequence[Output]) -> tuple[Value, ...] | None:
    """One value for each gradient, in order, or None when the reply has another structure.

    A list is as good as a tuple. Where only one gradient is asked for, it may come alone, in a tuple of one, or as a
    list of rows.
    """
    if reply.raised is not None:
        return None
    values = reply.values
    if len(outputs) > 1 or outputs[0].in_list:
        is_pair = reply.container in ("tuple", "list") and len(values) == len(outputs)
        return values if is_pair and all(value.kind == "array" for value in values) else None
    if reply.container in ("tuple", "list"):
        rows = _rows(values, outputs[0].shape) if reply.container == "list" else None
        if rows is not None:
            return (rows,)
        if len(values) != 1:
            return None
    return values if len(values) == 1 and values[0].kind == "array" else None


def _rows(values: Sequence[Value], shape: tuple[int, ...]) -> Value | None:
    """The rows of a nested list as one array, when they add up to the wanted shape."""
    rows = [value.data for value in values if value.data is not None and value.shape == shape[1:]]
    if not shape or len(rows) != len(values) or len(rows) != shape[0]:
        return None
    return Value("array", shape, np.stack(rows))
