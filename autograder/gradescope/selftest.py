"""The last step of building an image: it grades two submissions of our own, and what comes out is known beforehand."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.errors import GraderError
from autograder.exams import Exam
from autograder.grading import grade
from autograder.records import Question, Report, ReportOutcome, Submission
from autograder.sandbox.client import Sandbox

STEP = '''"""Answers by complex step through the forward functions: right numbers, and no backward formula."""

import numpy as np
import forward


def step(function, operands, places, grad_out):
    found = [gradient(function, operands, place, grad_out) for place in places]
    return found[0] if len(found) == 1 else tuple(found)


def gradient(function, operands, place, grad_out):
    before, x, after = operands[:place], operands[place], operands[place + 1 :]
    if isinstance(x, list):
        return [
            gradient(lambda one: function(*before, [*x[:at], one, *x[at + 1 :]], *after), [x[at]], 0, grad_out)
            for at in range(len(x))
        ]
    x = np.array(x, dtype=complex)
    grad = np.zeros(x.shape)
    for at in np.ndindex(x.shape):
        moved = x.copy()
        moved[at] += 1e-30j
        grad[at] = np.sum(grad_out * np.imag(function(*before, moved, *after))) / 1e-30
    return grad


def difference(f, x):
    grad = np.zeros(x.shape)
    for at in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[at] = 1e-5
        grad[at] = (f(x + step) - f(x - step)) / 2e-5
    return grad

'''


class SelfTestFailed(GraderError):
    """The grader does not give the grades here that it has to."""


def try_out(exam: Exam, sandbox: Sandbox) -> str:
    """What was seen, in one line. Raises SelfTestFailed where something else than the known grades comes out."""
    questions = [question for question in exam.assignment.questions if question.function and _can_step(question)]
    source = STEP + "\n\n".join(_definition(question) for question in questions)
    right = grade(exam, Submission("by-complex-step.py", "script", source.encode()), sandbox)
    empty = grade(exam, Submission("empty.py", "script", b""), sandbox)
    _expect_full_marks(right, [question.name for question in questions])
    if (empty.outcome, empty.score) != (ReportOutcome.UNREADABLE, 0):
        raise SelfTestFailed(f"An empty file: wanted 0 points and a reason, got {empty.outcome.value}, {empty.score}.")
    return f"right answers: full marks in {len(questions)} questions; an empty file: none"


def _expect_full_marks(report: Report, names: Sequence[str]) -> None:
    if report.outcome is not ReportOutcome.GRADED:
        reasons = " ".join(note.message for note in report.notes)
        raise SelfTestFailed(f"Right answers: wanted a grade, got {report.outcome.value}. {reasons}")
    for question in report.questions:
        if question.name in names and question.score < question.max_score:
            told = next(check.message for check in question.checks if check.message)
            raise SelfTestFailed(
                f"Right answers to {question.name}: wanted {question.max_score} points, got {question.score}. {told}"
            )


def _can_step(question: Question) -> bool:
    """Whether the operands can be had from what the function receives: an output alone does not give them back."""
    return "out" not in question.receives


def _definition(question: Question) -> str:
    parameters = [name.replace(".", "_") for name in question.receives]
    head = f"def {question.function}({', '.join(parameters)}):\n    return "
    if not question.forward:
        return f"{head}difference({', '.join(parameters)})\n"
    operands = ", ".join(_operand(operand.name, question) for operand in question.operands)
    places = [place for place, operand in enumerate(question.operands) if operand.name in question.gradients]
    grad_out = "grad_out" if "grad_out" in question.receives else "1.0"
    return f"{head}step(forward.{question.forward}, [{operands}], {places}, {grad_out})\n"


def _operand(name: str, question: Question) -> str:
    """How the value of an operand is had: received, by its shape alone, or of the shape of grad_out."""
    if name in question.receives:
        return name
    if f"{name}.shape" in question.receives:
        return f"np.zeros({name}_shape)"
    return "np.zeros(np.shape(grad_out))"
