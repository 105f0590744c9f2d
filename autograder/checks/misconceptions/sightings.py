"""What a submission did, laid out so that it can be compared with what known mistakes do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.checks.compare import Comparison, gradients_of
from autograder.checks.misconceptions.output import Output, outputs_of
from autograder.checks.reference import Reference
from autograder.records import Answers, Array, Assignment, Case, Facts, Reply, Value

LARGEST = 100
"""Entries of an operand up to which its cases are looked at: larger ones say nothing new, and cost more."""


@dataclass(frozen=True, eq=False)
class Asked:
    """The first call of one case and its reply. `outputs` are what was asked for, `are_right` what of it is right.

    `values` has one value for each output; None where the reply has another structure, or an exception came.
    """

    case: Case
    reply: Reply
    outputs: tuple[Output, ...]
    values: tuple[Value, ...] | None
    are_right: tuple[bool, ...]
    limit: float


@dataclass(frozen=True, eq=False)
class Sighting:
    """One answer for one operand: what was asked, what came back, and whether it is right.

    `got` is None where the call ended in an exception, whose facts are then `raised`.
    """

    asked: Asked
    output: Output
    got: Value | None
    is_right: bool

    @property
    def family(self) -> str:
        return self.asked.case.family

    @property
    def raised(self) -> Facts | None:
        return self.asked.reply.raised

    def is_close(self, predicted: Array) -> bool:
        """Whether this came back: the same shape, and the same numbers up to rounding."""
        return self.got is not None and is_same_result(self.got, predicted, self.output.magnitude, self.asked.limit)


def calls_of(
    assignment: Assignment,
    cases: Sequence[tuple[int, Case]],
    reference: Reference,
    answers: Answers,
    comparison: Comparison,
) -> list[Asked]:
    """The first calls of the cases that were answered at all, and whose operands are small enough to say something."""
    calls = []
    is_right = comparison.is_right
    for number, case in cases:
        answer = answers.cases[number]
        if answer is None or not answer.replies or any(one.size > LARGEST for one in case.calls[0].operands):
            continue
        indices = reference.of_call[number][0]
        wanted = [reference.outputs[index] for index in indices]
        values = gradients_of(answer.replies[0], wanted)
        calls.append(
            Asked(
                case=case,
                reply=answer.replies[0],
                outputs=outputs_of(assignment, case),
                values=values,
                are_right=tuple(bool(is_right[index]) for index in indices),
                limit=wanted[0].limit,
            )
        )
    return calls


def by_operand(calls: Sequence[Asked]) -> Iterator[list[Sighting]]:
    """The answers for each operand apart, in the order of the gradients; without replies of another structure.

    The members of a list are one operand: whoever treats one of them wrongly has a reason that lies in the list.
    """
    found: dict[int, list[Sighting]] = {}
    for asked in calls:
        if asked.values is None and asked.reply.raised is None:
            continue
        values: Sequence[Value | None] = asked.values or [None] * len(asked.outputs)
        for one, value, is_right in zip(asked.outputs, values, asked.are_right):
            group = 0 if one.in_list else one.position
            found.setdefault(group, []).append(Sighting(asked, one, value, is_right))
    yield from (found[position] for position in sorted(found))


def is_same_result(got: Value, predicted: Array, magnitude: float, limit: float) -> bool:
    """Same shape, and the same numbers up to rounding; NaN and infinities in the same places."""
    if got.shape != predicted.shape or got.kind != "array":
        return False
    if got.data is None:  # too large to be sent: its shape is all that is known, and says enough
        return True
    finite = predicted[np.isfinite(predicted)]
    scale = max(magnitude, float(np.max(np.abs(finite), initial=0.0)))
    with np.errstate(all="ignore"):
        is_close = np.abs(got.data - predicted) <= limit * scale
    return bool(np.all(is_close | (got.data == predicted) | (np.isnan(got.data) & np.isnan(predicted))))
