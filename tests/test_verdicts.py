"""A numeric gradient is judged by what it can tell apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.answer import answer
from autograder.checks.verdicts import CLEARLY_WRONG, FEWEST, wrong_gradients
from autograder.errors import AssignmentError
from autograder.exams import Exam, make_exam, with_one_question
from autograder.judging import judge
from autograder.load.assignment import load_assignment
from autograder.records import Array, CheckResult, Outcome
from conftest import ROOT

Gradient = Callable[[Callable[[Array], float], Array], Any]


@pytest.fixture(scope="module")
def numeric() -> Exam:
    return make_exam(with_one_question(load_assignment(str(ROOT / "assignments" / "backprop")), "numeric_gradient"))


def verdicts(exam: Exam, function: Gradient) -> CheckResult:
    answers = answer({"numeric_gradient": function}, exam.deck, exam.assignment)
    (result,) = judge(exam, answers)
    (check,) = result.checks
    return check


def central(step: float) -> Gradient:
    def numeric_gradient(f: Callable[[Array], float], x: Array) -> Array:
        grad = np.zeros(x.shape)
        for at in np.ndindex(x.shape):
            move = np.zeros(x.shape)
            move[at] = step
            grad[at] = (f(x + move) - f(x - move)) / (2 * step)
        return grad

    return numeric_gradient


@pytest.mark.parametrize("step", [1e-7, 1e-6, 1e-5, 1e-4, 1e-3])
def test_any_sensible_step_passes(numeric: Exam, step: float) -> None:
    """The step is a matter of taste between where rounding begins and where curvature does."""
    assert verdicts(numeric, central(step)).outcome is Outcome.PASSED


@pytest.mark.parametrize("step", [1.0, 1e-16])
def test_a_step_that_is_too_large_or_too_small_does_not(numeric: Exam, step: float) -> None:
    """Curvature, and rounding, are why the step matters at all."""
    assert verdicts(numeric, central(step)).outcome is Outcome.FAILED


def test_points_are_the_whole_points_of_the_share(numeric: Exam) -> None:
    """Whoever thinks of matrices only is right for some functions, and earns their share, rounded down."""
    right = central(1e-5)

    def for_matrices(f: Callable[[Array], float], x: Array) -> Any:
        return right(f, x) if x.ndim == 2 else None

    check = verdicts(numeric, for_matrices)
    told, of = check.facts["told"], check.facts["of"]

    assert 0 < told < of
    assert (check.score, check.max_score) == (8 * told // of, 8)
    assert 0 < check.score < 8


def test_every_wrong_gradient_is_far_from_the_right_one(numeric: Exam) -> None:
    """At least twenty of them, each at least a tenth of the scale away: no verdict hangs on a digit."""
    reference = numeric.reference
    count = 0
    for index, output in enumerate(reference.outputs):
        expected = reference.expected[output.start : output.stop]
        for wrong in wrong_gradients(reference, output).values():
            count += 1
            assert np.max(np.abs(wrong - expected)) >= CLEARLY_WRONG * reference.scale[index]
    assert count >= FEWEST


def test_too_few_wrong_gradients_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A share of three says little: an instructor who lists one case is told so."""
    monkeypatch.chdir(ROOT)
    assignment = with_one_question(load_assignment("backprop"), "numeric_gradient")
    (question,) = assignment.questions
    short = replace(assignment, questions=(replace(question, cases=question.cases[4:5]),))

    with pytest.raises(AssignmentError) as raised:
        make_exam(short)

    assert str(raised.value) == (
        'assignments/backprop/assignment.toml: question "numeric_gradient".cases.verdicts\n'
        "  wanted  cases with at least 20 wrong gradients between them; four or five cases have them\n"
        "  got     9"
    )


def put_back_with_rounding(f: Callable[[Array], float], x: Array) -> Array:
    grad = np.zeros(x.shape)
    for at in np.ndindex(x.shape):
        x[at] += 1e-5
        up = f(x)
        x[at] -= 2e-5
        grad[at] = (up - f(x)) / 2e-5
        x[at] += 1e-5
    return grad


def test_x_may_come_back_rounded(numeric: Exam) -> None:
    """`x += h; x -= 2 * h; x += h` is off by a last digit, and no mistake."""
    assert verdicts(numeric, put_back_with_rounding).outcome is Outcome.PASSED


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_what_is_no_number_tells_nothing_apart(numeric: Exam, value: float) -> None:
    """NaN agrees with nothing, so it also differs from every wrong gradient: that is no success."""
    check = verdicts(numeric, lambda f, x: np.full(x.shape, value))

    assert (check.outcome, check.score, check.facts["told"]) == (Outcome.FAILED, 0, 0)
