"""Where the wings meet: a submission goes in, a report comes out.

exams → sandbox → judging
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from autograder.checks.concealment import conceal
from autograder.exams import Exam, Paper
from autograder.judging import judge, make_report, report_on
from autograder.records import Answers, Report, Submission
from autograder.sandbox.client import Sandbox


def grade(exam: Exam, submission: Submission, sandbox: Sandbox) -> Report:
    """The report of one submission. Raises SandboxError when no worker can be had, and for nothing a student did."""
    return grade_answers(exam, submission, sandbox, ask(exam, submission, sandbox))


def grade_answers(exam: Exam, submission: Submission, sandbox: Sandbox, answers: Answers) -> Report:
    """The same, on answers that it has given already."""
    return report_on(exam, submission.name, answers, partial(ask, exam, submission, sandbox))


def ask(
    exam: Exam | Paper,
    submission: Submission,
    sandbox: Sandbox,
    only: Collection[str] | None = None,
    given: Sequence[str] = (),
) -> Answers:
    """What the submission answers, as far as its report may tell of it. No reference is needed for that."""
    return _concealed(exam, sandbox.answer(submission, exam.deck, only, given))


def partial_report(exam: Exam, submission: Submission, answers: Answers) -> Report:
    """The report on answers of which some are still to come: what `Sandbox.so_far` is given."""
    answers = _concealed(exam, answers)
    return make_report(exam, submission.name, answers, judge(exam, answers))


def _concealed(exam: Exam | Paper, answers: Answers) -> Answers:
    unseen = [question.name for question in exam.assignment.questions if question.visibility != "visible"]
    return conceal(answers, exam.deck, unseen)
