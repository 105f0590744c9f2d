"""What a submission with one known mistake would answer: right answers, and one that the row predicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from autograder.checks.misconceptions.output import Output, Predict, outputs_of
from autograder.checks.misconceptions.sightings import LARGEST, is_same_result
from autograder.checks.reference import LIMIT, NUMERIC_LIMIT
from autograder.records import BONUS, VERDICTS, Answers, Array, Assignment, Case, Deck, Question, Reply, Value


@dataclass(frozen=True, eq=False)
class Asked:
    """The outputs of one case, and the scaled error up to which they are right."""

    outputs: tuple[Output, ...]
    limit: float


def asked_of(assignment: Assignment, question: Question, deck: Deck) -> dict[int, Asked]:
    """What each case of the question asks for that has one call and small operands, by the number of the case."""
    return {
        number: Asked(outputs_of(assignment, case), NUMERIC_LIMIT if case.family == VERDICTS else LIMIT)
        for number, case in enumerate(deck.cases)
        if case.question == question.name and case.family != BONUS and _is_plain(case)
    }


def _is_plain(case: Case) -> bool:
    return len(case.calls) == 1 and all(one.size <= LARGEST for one in case.calls[0].operands)


def imitate(predict: Predict, asked: Mapping[int, Asked], right: Answers) -> Iterator[tuple[int, Answers]]:
    """For each case in which the mistake shows: its number, and the right answers with a wrong one in this case."""
    for number, one in asked.items():
        answer = right.cases[number]
        reply = _reply(predict, one, answer.replies[0]) if answer is not None and answer.replies else None
        if answer is not None and reply is not None:
            wrong = replace(answer, replies=(reply,))
            yield number, replace(right, cases=(*right.cases[:number], wrong, *right.cases[number + 1 :]))


def _reply(predict: Predict, asked: Asked, right: Reply) -> Reply | None:
    """What comes back from a function with the mistake; None where it does not show."""
    values = list(right.values)
    shows = False
    for place, one in enumerate(asked.outputs):
        try:
            predicted = one.predicted(predict)
        except Exception as error:  # the mistake does not get as far as a result
            return Reply(raised={"exception": type(error).__name__, "text": " ".join(str(error).split())})
        if predicted is not None and not is_same_result(_value(predicted), one.right, one.magnitude, asked.limit):
            values[place] = _value(predicted)
            shows = True
    return replace(right, values=tuple(values)) if shows else None


def _value(array: Array) -> Value:
    if array.dtype.kind not in "biuf":
        return Value(array.dtype.name)
    return Value("array", array.shape, np.array(array, dtype=np.float64, order="C"))
