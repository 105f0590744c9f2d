"""One question, or one whole report, as plain text: what a student reads in a terminal or in a log."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from autograder.records import CheckResult, Outcome, QuestionResult, Report, ReportOutcome
from autograder.render.evidence import evidence_lines

SIGNS: Mapping[Outcome, str] = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.NOT_STARTED: "○",
    Outcome.STOPPED: "◷",
    Outcome.SKIPPED: "–",
    Outcome.ERROR: "!",
}
STATUS: Mapping[Outcome, str] = {
    Outcome.PASSED: "Passed",
    Outcome.FAILED: "Not yet",
    Outcome.NOT_STARTED: "Not started",
    Outcome.STOPPED: "Stopped",
    Outcome.SKIPPED: "Skipped",
    Outcome.ERROR: "Grader fault",
}

INDENT = "    "


def render_report(report: Report, width: int = 80) -> str:
    """The whole report: the sum, notes, and a card for each question. Who asks for one question sees its evidence."""
    lines = [title_line(report), *body_lines(report, width)]
    if len(report.questions) == 1:
        problem = first_problem(report.questions[0])
        lines += evidence_lines(problem.facts, width) if problem is not None else []
    return "\n".join(lines) + "\n"


def body_lines(report: Report, width: int) -> list[str]:
    """The notes and a card for each question, each after an empty line."""
    lines: list[str] = []
    for note in report.notes:
        lines += ["", *_wrapped(note.message, width, first="Note  ", rest="      ")]
    for question in report.questions:
        lines += ["", *card_lines(question, width)]
    return lines


def title_line(report: Report) -> str:
    """`ada.ipynb   48 / 62`"""
    if report.outcome is ReportOutcome.UNREADABLE:
        return f"{report.submission}   could not be read   0 / {report.max_score}"
    if report.outcome is ReportOutcome.ERROR:
        return f"{report.submission}   not graded"
    return f"{report.submission}   {report.score} / {report.max_score}"


def card_lines(question: QuestionResult, width: int = 80) -> Iterator[str]:
    """Status, one problem, the next thought, and what each family earned."""
    yield status_line(question)
    problem = first_problem(question)
    if problem is None:
        return
    yield from _wrapped(problem.message, width, first=INDENT, rest=INDENT)
    if problem.hint:
        yield from _wrapped(problem.hint, width, first=f"{INDENT}Next  ", rest=f"{INDENT}      ")
    if question.outcome is not Outcome.NOT_STARTED:
        earned = " · ".join(f"{check.name} {check.score}/{check.max_score}" for check in question.checks)
        yield from _wrapped(earned, width, first=INDENT, rest=INDENT)


def status_line(question: QuestionResult) -> str:
    """`✗ multiply   Not yet   7 / 12`"""
    sign, status = SIGNS[question.outcome], STATUS[question.outcome]
    return f"{sign} {question.name}   {status}   {question.score} / {question.max_score}"


def first_problem(question: QuestionResult) -> CheckResult | None:
    """The most basic check that did not pass; checks are listed from basic to hard."""
    return next((check for check in question.checks if check.outcome is not Outcome.PASSED), None)


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, max(width, 40), initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
