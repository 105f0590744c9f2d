"""Which known mistake explains the wrong answers to a question? Looked for only where something is wrong.

A name is given only if its row predicts every answer of an operand in all cases of one kind: first the ordinary ones,
and if these are right, all of them. It must predict wrong answers in at least two cases of different shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.checks.compare import Comparison, gradients_of
from autograder.checks.misconceptions.output import Output, Predict, outputs_of
from autograder.checks.misconceptions.structure import name_structure
from autograder.checks.misconceptions.table import rows_of
from autograder.checks.reference import LIMIT, Reference
from autograder.records import Answers, Array, Assignment, Case, CheckResult, Deck, Question, Value

ORDINARY = ("runs", "values", "shapes")

LARGEST = 100
"""Entries of an operand up to which its cases are looked at: larger ones say nothing new, and cost more."""

BEHAVIOUR: Mapping[str, str] = {
    "argument-changed": "mutates-argument",
    "kept-result": "reuses-buffer",
    "second-call": "remembers",
    "remembers": "remembers",
}
"""Faults that are a mistake by themselves, and its name."""


@dataclass(frozen=True, eq=False)
class Sighting:
    """One answer for one operand: what was asked, what came back, and whether it is right."""

    family: str
    output: Output
    got: Value
    is_right: bool


def diagnose(
    assignment: Assignment,
    question: Question,
    deck: Deck,
    reference: Reference,
    answers: Answers,
    comparison: Comparison,
    checks: Sequence[CheckResult],
) -> tuple[str, ...]:
    """The names of the mistakes that explain what is wrong, the most basic first; empty where nothing is certain."""
    faults = {check.fault for check in checks if check.fault is not None}
    if not faults:
        return ()
    asked = [(number, case) for number, case in enumerate(deck.cases) if case.question == question.name]
    if "structure" in faults or "raised" in faults:
        name = name_structure(question, asked, answers)
        if name:
            return (name,)
    rows = rows_of(question.forward)
    operands = _by_operand(assignment, asked, reference, answers, comparison)
    names = [_name_of(sightings, rows) for sightings in operands]
    names += [BEHAVIOUR[fault] for fault in sorted(faults) if fault in BEHAVIOUR]
    return tuple(dict.fromkeys(name for name in names if name))


def _by_operand(
    assignment: Assignment,
    asked: Sequence[tuple[int, Case]],
    reference: Reference,
    answers: Answers,
    comparison: Comparison,
) -> Iterator[list[Sighting]]:
    """The answers for each operand apart, in the order of the gradients."""
    found: dict[int, list[Sighting]] = {}
    is_right = comparison.is_right
    for number, case in asked:
        answer = answers.cases[number]
        indices = reference.of_call[number][0]
        if answer is None or not answer.replies:
            continue
        outputs = [reference.outputs[index] for index in indices]
        values = gradients_of(answer.replies[0], outputs)
        if values is None or any(call.size > LARGEST for call in case.calls[0].operands):
            continue
        for one, value, index in zip(outputs_of(assignment, case, case.calls[0]), values, indices):
            found.setdefault(one.position, []).append(Sighting(case.family, one, value, bool(is_right[index])))
    yield from found.values()


def _name_of(sightings: Sequence[Sighting], rows: Mapping[str, Predict]) -> str:
    """The row that explains all ordinary answers for one operand, or, if these are right, all answers."""
    ordinary = [one for one in sightings if one.family in ORDINARY]
    for kind in (ordinary, sightings):
        wrong = [one for one in kind if not one.is_right]
        if not wrong:
            continue
        if len({one.output.shapes for one in wrong}) < 2:
            return ""  # one case, or one shape: chance explains as much
        return next((id for id, predict in rows.items() if all(_explains(predict, one) for one in kind)), "")
    return ""


def _explains(predict: Predict, one: Sighting) -> bool:
    """Whether the row says what came back. Where it says nothing, the answer must be right."""
    with np.errstate(all="ignore"):
        predicted = predict(one.output)
    if predicted is None:
        return one.is_right
    return is_same_result(one.got, np.asarray(predicted), one.output.magnitude)


def is_same_result(got: Value, predicted: Array, magnitude: float) -> bool:
    """Same shape, and the same numbers up to rounding; NaN and infinities in the same places."""
    if got.data is None or got.shape != predicted.shape:
        return False
    finite = predicted[np.isfinite(predicted)]
    scale = max(magnitude, float(np.max(np.abs(finite), initial=0.0)))
    with np.errstate(all="ignore"):
        is_close = np.abs(got.data - predicted) <= LIMIT * scale
    return bool(np.all(is_close | (got.data == predicted) | (np.isnan(got.data) & np.isnan(predicted))))
