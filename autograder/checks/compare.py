"""All answers of a submission against the reference, in one flat pass.

An answer is judged by its scaled error `E = max|got - expected| / S`, where S is the largest value over the operand
of `sum |grad_out| |J|`: the size of the numbers that were added up, and so of the rounding that is nobody's fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.checks.reference import Output, Reference
from autograder.records import Answers, Array, Reply, Value


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
    got = np.full(reference.expected.shape, np.nan)
    for answer, calls in zip(answers.cases, reference.of_call):
        if answer is None:
            continue
        for reply, wanted in zip(answer.replies, calls):
            outputs = [reference.outputs[index] for index in wanted]
            values = gradients_of(reply, outputs) if outputs else None
            for output, value in zip(outputs, values or ()):
                if value.data is not None and value.shape == output.shape:
                    got[output.start : output.stop] = output.seen(value.data)
    if not got.size:
        return Comparison(got, np.zeros(0), np.zeros(0))
    largest = np.maximum.reduceat(np.abs(got - reference.expected), reference.starts)
    return Comparison(got, largest / reference.scale, reference.limit)


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
