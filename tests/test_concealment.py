"""Questions that are not visible: known names, and no word that a student's code has chosen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from test_sandbox import solution_but

from autograder.exams import SEED, Exam
from autograder.grading import grade
from autograder.records import CheckResult
from autograder.sandbox.client import Sandbox
from conftest import exam_of_functions

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="through a worker")


@pytest.fixture(scope="module")
def exam() -> Exam:
    """With multiply, and nothing else, hidden."""
    exam = exam_of_functions(SEED)
    questions = tuple(
        replace(question, visibility="hidden") if question.name == "multiply" else question
        for question in exam.assignment.questions
    )
    return replace(exam, assignment=replace(exam.assignment, questions=questions))


@pytest.fixture(scope="module")
def sandbox(exam: Exam) -> Iterator[Sandbox]:
    with Sandbox(exam.assignment) as sandbox:
        yield sandbox


LEAKS = {
    "a text": ("raise ValueError(f'{a!r}')", "For a (3, 4), b (3, 4): multiply_backward raised ValueError."),
    "a class name": (
        "raise type(f'Got{a.flat[0]}', (Exception,), {})()",
        "For a (3, 4), b (3, 4): multiply_backward raised Exception.",
    ),
    "a line": (
        "exec(compile(f'raise KeyError({a.flat[0]})', '<script>', 'exec'))",
        "For a (3, 4), b (3, 4): multiply_backward raised KeyError.",
    ),
    "the name of a type": (
        "return type(f'Got{a.flat[0]}', (), {})()",
        "multiply_backward returned object, expected the tuple (grad_a, grad_b).",
    ),
}


@pytest.mark.parametrize(("body", "message"), LEAKS.values(), ids=LEAKS)
def test_nothing_of_the_inputs_comes_through(exam: Exam, sandbox: Sandbox, body: str, message: str) -> None:
    """The name of an exception or of a type, where it is a usual one, and that is all."""
    report = grade(exam, solution_but(f"def multiply_backward(grad_out, a, b):\n    {body}"), sandbox)
    check = first_problem(report.questions)

    assert check.message == message
    assert set(check.facts) <= {"case", "function", "exception", "text", "got", "wanted"}
    assert check.facts.get("text", "") == ""


def test_a_visible_question_says_all_of_it(exam: Exam, sandbox: Sandbox) -> None:
    """There the text helps, and the inputs may be seen anyway."""
    report = grade(exam, solution_but("def add_backward(grad_out, a, b): raise ValueError('why not?')"), sandbox)

    assert first_problem(report.questions).facts["text"] == "why not?"


def test_an_exception_without_a_text_ends_in_its_name(exam: Exam, sandbox: Sandbox) -> None:
    """And not in a colon."""
    report = grade(exam, solution_but("def add_backward(grad_out, a, b): raise ValueError"), sandbox)

    assert first_problem(report.questions).message.startswith(
        "For a (3, 4), b (3, 4): add_backward raised ValueError in line "
    )
    assert first_problem(report.questions).message.endswith("raise ValueError”.")


def first_problem(questions: tuple[object, ...]) -> CheckResult:
    return next(check for one in questions for check in one.checks if check.fault is not None)  # type: ignore[attr-defined]
