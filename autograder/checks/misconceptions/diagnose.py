"""Which known mistake explains the wrong answers to a question? Looked for only where something is wrong.

A name is given only if its row predicts every answer for an operand in all cases of one kind: first the ordinary ones,
and if these are right, all of them. It must predict wrong answers in at least two cases of different shape. Where fewer
are wrong, exceptions count, too: then the row must raise in exactly these cases, and be the only one that explains all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from autograder.checks.compare import Comparison
from autograder.checks.misconceptions.behaviour import ORDINARY, name_behaviour, names_of_habits
from autograder.checks.misconceptions.output import Output, Predict
from autograder.checks.misconceptions.sightings import Sighting, by_operand, calls_of
from autograder.checks.misconceptions.structure import name_structure
from autograder.checks.misconceptions.table import rows_of
from autograder.checks.reference import Reference
from autograder.records import BONUS, Answers, Assignment, Case, CheckResult, Deck, Question

SHAPES = 2
"""In how many shapes something must be wrong before it gets a name: in one, chance explains as much."""


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
    faults = {check.fault for check in checks if check.fault is not None and check.name != BONUS}
    if not faults:
        return ()
    cases = [(number, case) for number, case in enumerate(deck.cases) if case.question == question.name]
    asked = [(number, case) for number, case in cases if case.family != BONUS]
    with np.errstate(all="ignore"):  # a student's numbers may overflow anything that is done with them
        return _names(assignment, question, reference, answers, comparison, asked, faults)


def _names(
    assignment: Assignment,
    question: Question,
    reference: Reference,
    answers: Answers,
    comparison: Comparison,
    asked: Sequence[tuple[int, Case]],
    faults: Collection[str],
) -> tuple[str, ...]:
    calls = calls_of(assignment, asked, reference, answers, comparison)
    habits = names_of_habits(question, asked, reference, answers, faults)
    name = name_structure(calls)
    if name:
        return tuple(dict.fromkeys((name, *habits)))
    rows = rows_of(question.forward)
    names = []
    for sightings in by_operand(calls):
        known = _name_of(sightings, rows) or name_behaviour(sightings)
        names.append(known.partition("--")[0])
    return tuple(dict.fromkeys(name for name in (*names, *habits) if name))


def _name_of(sightings: Sequence[Sighting], rows: Mapping[str, Predict]) -> str:
    """The row that explains all ordinary answers for one operand, or, if these are right, all answers."""
    sightings = sorted(sightings, key=lambda one: one.is_right)  # what is wrong rules out most rows at once
    ordinary = [one for one in sightings if one.family in ORDINARY]
    for kind in (ordinary, sightings):
        answered = [one for one in kind if one.raised is None]
        if _count_shapes(one for one in answered if not one.is_right) >= SHAPES:
            fitting = {id: row for id, row in rows.items() if all(_explains(row, one) for one in answered)}
            return next(iter(fitting), "") if len(answered) == len(kind) else _best_row(kind, fitting)
        # Some kinds of hard cases have one shape: there, a row will do that is right everywhere else, if it is alone.
        if _count_shapes(one for one in kind if not one.is_right) >= (SHAPES if kind is ordinary else 1):
            return _only_row(kind, rows)
        if not all(one.is_right for one in kind):
            return ""
    return ""


def _best_row(sightings: Sequence[Sighting], fitting: Mapping[str, Predict]) -> str:
    """The first of the rows that explain what was answered; where they are several mistakes, one that explains the
    exceptions, too. With few answers left, mistakes may look alike that are not."""
    if len({id.partition("--")[0] for id in fitting}) > 1:
        fitting = {id: row for id, row in fitting.items() if all(_explains(row, one) for one in sightings)}
    return next(iter(fitting), "")


def _only_row(sightings: Sequence[Sighting], rows: Mapping[str, Predict]) -> str:
    """The only row that explains all answers, and raises where they raise; of several, the one with the same words."""
    fitting = {id: row for id, row in rows.items() if all(_explains(row, one) for one in sightings)}
    raised = [one for one in sightings if one.raised is not None]
    same = [id for id, row in fitting.items() if all(_says_the_same(row, one) for one in raised)]
    if raised and len(same) == 1:
        return same[0]
    # Something must have been answered: whoever raises in each case may do so for any reason.
    is_alone = len({id.partition("--")[0] for id in fitting}) == 1
    return next(iter(fitting)) if is_alone and len(raised) < len(sightings) else ""


def _count_shapes(sightings: Iterable[Sighting]) -> int:
    return len({one.output.shapes for one in sightings})


def _explains(row: Predict, one: Sighting) -> bool:
    """Whether the row says what came back. Where it says nothing, the answer must be right."""
    if one.raised is not None:
        return one.raised.get("exception") in {_exception_of(row, other)[0] for other in one.asked.outputs}
    try:
        predicted = one.output.predicted(row)
    except Exception:  # the mistake would have ended in an exception here, and did not
        return False
    return one.is_right if predicted is None else one.is_close(predicted)


def _says_the_same(row: Predict, one: Sighting) -> bool:
    """Whether the row ends in the very exception, to the last word."""
    raised = one.raised or {}
    said = (raised.get("exception"), raised.get("text"))
    return said in [_exception_of(row, other) for other in one.asked.outputs]


def _exception_of(row: Predict, output: Output) -> tuple[str, str]:
    try:
        output.predicted(row)
    except Exception as error:
        return type(error).__name__, " ".join(str(error).split())
    return "", ""
