"""Check results become points. A family is all or nothing; points are whole numbers; nothing else gives any.

Some families are different: verdicts and steps earn the whole points of the share that they got right, and a bonus
comes on top of the maximum. A training run that failed because of functions that had lost their points already earns
the share of the right steps of the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.records import BONUS, LEARNING, STEPS, VERDICTS, CheckResult, Outcome, Question, QuestionResult

SHARES: Mapping[str, tuple[str, str]] = {
    VERDICTS: ("told", "of"),
    STEPS: ("right", "of"),
    LEARNING: ("others_right", "others"),
}
"""Families that earn a share of their points, and the facts that say of how many things how many are right."""


def score_question(question: Question, checks: Sequence[CheckResult]) -> QuestionResult:
    """The checks with their points, and the question's outcome and sum."""
    scored = tuple(_score_check(check, question.points[check.name]) for check in checks)
    return QuestionResult(
        name=question.name,
        function=question.function or None,
        outcome=outcome_of(scored),
        score=sum(check.score for check in scored),
        max_score=question.max_score,
        visibility=question.visibility,
        misconceptions=(),
        checks=scored,
    )


def _score_check(check: CheckResult, points: int) -> CheckResult:
    return replace(check, score=_earned(check, points), max_score=0 if check.name == BONUS else points)


def _earned(check: CheckResult, points: int) -> int:
    if check.outcome is Outcome.PASSED:
        return points
    right, of = SHARES.get(check.name, ("", ""))
    return int(points * check.facts[right] // check.facts[of]) if check.facts.get(of) else 0


def outcome_of(checks: Sequence[CheckResult]) -> Outcome:
    """The one word for a question: passed only when all checks but the bonus passed, else what most needs saying."""
    outcomes = {check.outcome for check in checks if check.name != BONUS}
    if outcomes == {Outcome.PASSED}:
        return Outcome.PASSED
    for outcome in (Outcome.ERROR, Outcome.STOPPED, Outcome.NOT_STARTED, Outcome.FAILED):
        if outcome in outcomes:
            return outcome
    return Outcome.SKIPPED
