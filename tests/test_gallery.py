"""Every right submission earns everything; every wrong function loses points where its file says, and only there.

The files are looked at in process, through the same `answer` and `judge` as in the worker; `test_grading.py` sends a
sample of them through the sandbox.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.answer import answer
from autograder.exams import Exam
from autograder.judging import judge, make_report
from autograder.records import Outcome, QuestionResult
from conftest import SOLUTIONS, SUBMISSIONS, exam_of_functions, functions_of

SAMPLE_SEEDS = (1, 2026)
WRONG_SEEDS = range(50)
RIGHT_SEEDS = range(200)

RIGHT = [SOLUTIONS / "solution.py", *sorted((SUBMISSIONS / "right").glob("*.py"))]
WRONG = sorted((SOLUTIONS / "wrong").glob("*/*.py"))
FEWEST_WRONG = {
    "unbroadcast": 6,
    "add": 20,
    "multiply": 20,
    "sigmoid": 20,
    "matmul": 20,
    "softmax_cross_entropy": 20,
    "sgd_step": 6,
    "numeric_gradient": 6,
}


def name_of(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


@pytest.fixture(scope="module")
def exams() -> list[Exam]:
    return [exam_of_functions(seed) for seed in SAMPLE_SEEDS]


@pytest.fixture(scope="session")
def many_exams() -> list[Exam]:
    return [exam_of_functions(seed) for seed in RIGHT_SEEDS]


def results_of(exam: Exam, functions: dict[str, Callable[..., Any]]) -> dict[str, QuestionResult]:
    answers = answer(functions, exam.deck, exam.assignment)
    return {result.name: result for result in judge(exam, answers)}


def lost_families(result: QuestionResult) -> set[str]:
    return {check.name for check in result.checks if check.outcome is not Outcome.PASSED}


def promised(file: Path) -> set[str]:
    """The families that the second line of a wrong file says it loses."""
    line = file.read_text(encoding="utf-8").splitlines()[1]
    assert line.startswith("# loses: "), f"{file.name}: its second line should be `# loses: FAMILY ...`"
    return set(line.removeprefix("# loses: ").split())


def assert_all_right(exam: Exam, file: Path) -> None:
    for result in results_of(exam, functions_of(file)).values():
        lost = [(check.name, check.fault, dict(check.facts)) for check in result.checks if check.fault]
        assert not lost, f"{name_of(file)}, seed {exam.deck.seed}: {result.function} lost {lost}"


def assert_loses(exam: Exam, file: Path) -> None:
    question = file.parent.name
    function = next(one.function for one in exam.assignment.questions if one.name == question)
    joined = {**functions_of(SOLUTIONS / "solution.py"), function: functions_of(file)[function]}
    results = results_of(exam, joined)
    lost = lost_families(results.pop(question))

    assert promised(file) <= lost, f"{name_of(file)}, seed {exam.deck.seed}: lost {sorted(lost)} only"
    assert not any(lost_families(other) for other in results.values())


@pytest.mark.parametrize("file", RIGHT, ids=name_of)
def test_a_right_submission_earns_everything_in_any_style(exams: list[Exam], file: Path) -> None:
    """Loops or einsum, float32 or long double, lists or tuples: values are graded, not derivations."""
    for exam in exams:
        assert_all_right(exam, file)


@pytest.mark.parametrize("file", WRONG, ids=name_of)
def test_a_wrong_function_loses_points_in_its_family_and_nobody_elses(exams: list[Exam], file: Path) -> None:
    """The wrong function joined to right ones: its own question loses, and no other one does."""
    for exam in exams:
        assert_loses(exam, file)


@pytest.mark.proof
@pytest.mark.parametrize("file", RIGHT, ids=name_of)
def test_a_right_submission_earns_everything_for_every_seed(many_exams: list[Exam], file: Path) -> None:
    """200 seeds: no right answer is ever harmed by an unlucky draw."""
    for exam in many_exams:
        assert_all_right(exam, file)


@pytest.mark.proof
@pytest.mark.parametrize("file", WRONG, ids=name_of)
def test_a_wrong_function_loses_points_for_every_seed(many_exams: list[Exam], file: Path) -> None:
    """50 seeds: no wrong answer ever slips through on a lucky draw."""
    for exam in many_exams[: len(WRONG_SEEDS)]:
        assert_loses(exam, file)


@pytest.mark.parametrize("question", FEWEST_WRONG)
def test_the_gallery_has_many_wrong_files_for_each_question(exam: Exam, question: str) -> None:
    """A question whose checks were never seen to fail proves nothing."""
    files = [file for file in WRONG if file.parent.name == question]
    points = next(one.points for one in exam.assignment.questions if one.name == question)

    assert len(files) >= FEWEST_WRONG[question]
    assert {family for file in files for family in promised(file)} == set(points)


def test_the_gallery_knows_every_question(exam: Exam) -> None:
    """A new question comes with its wrong answers."""
    assert set(FEWEST_WRONG) == {question.name for question in exam.assignment.questions if question.function}


def test_nothing_written_earns_nothing(exams: list[Exam]) -> None:
    """An empty submission has no passed check."""
    for exam in exams:
        results = judge(exam, answer({}, exam.deck, exam.assignment))
        assert {result.outcome for result in results} == {Outcome.NOT_STARTED}
        assert sum(result.score for result in results) == 0


def flags_of(exam: Exam, file: Path) -> tuple[str, ...]:
    answers = answer(functions_of(file), exam.deck, exam.assignment)
    return make_report(exam, file.name, answers, judge(exam, answers)).flags


def test_finite_differences_are_flagged(exams: list[Exam]) -> None:
    """Right values count as right values; that their error is that of differences is told to a person."""
    for exam in exams:
        assert flags_of(exam, SUBMISSIONS / "flagged" / "central-differences.py") == ("finite-differences",)


@pytest.mark.parametrize("file", RIGHT, ids=name_of)
def test_no_right_submission_is_flagged(exams: list[Exam], file: Path) -> None:
    """A flag costs a person's time, and a student's nerves."""
    for exam in exams:
        assert flags_of(exam, file) == ()
