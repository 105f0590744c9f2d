"""One question, or one whole report, as plain text: what a student reads in a terminal or in a log."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.records import LEARNING, CheckResult, Outcome, QuestionResult, Report, ReportOutcome
from autograder.render.curve import curve_lines
from autograder.render.evidence import EvidenceWords, evidence_lines
from autograder.render.html_words import HtmlWords
from autograder.render.source_line import source_lines

SIGNS: Mapping[Outcome, str] = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.NOT_STARTED: "○",
    Outcome.STOPPED: "◷",
    Outcome.SKIPPED: "–",
    Outcome.ERROR: "!",
}


@dataclass(frozen=True)
class ScreenWords:
    """The fixed words of a student's screen, in one language: of the cards, of the strip, and of what stands around
    them. Facts go in braces."""

    status: Mapping[str, str]
    next: str
    then: str
    last: str
    note: str
    unreadable: str
    not_graded: str
    go_on: str
    second_hint: str
    last_hint: str
    finished: str
    one_is_right: str
    many_are_right: str
    saved: str
    checking: str
    watching: str
    missing: str
    waiting: str
    ends: str
    evidence: EvidenceWords
    html: HtmlWords


INDENT = "    "


def render_report(report: Report, words: ScreenWords, width: int = 80, hints: int = 1) -> str:
    """The whole report: the sum, notes, and a card for each question with so many hints.

    Who asks for one question sees its evidence.
    """
    lines = [title_line(report, words), *body_lines(report, words, width, hints)]
    if len(report.questions) == 1:
        problem = first_problem(report.questions[0])
        lines += evidence_lines(problem.facts, words.evidence, width) if problem is not None else []
    return "\n".join(lines) + "\n"


def body_lines(report: Report, words: ScreenWords, width: int, hints: int = 1) -> list[str]:
    """The notes and a card for each question, each after an empty line."""
    lines: list[str] = []
    for note in report.notes:
        lines += ["", *_labelled(words.note, note.message, width)]
    for question in report.questions:
        lines += ["", *card_lines(question, words, width, hints)]
    return lines


def title_line(report: Report, words: ScreenWords) -> str:
    """`ada.ipynb   48 / 62`"""
    if report.outcome is ReportOutcome.UNREADABLE:
        return f"{report.submission}   {words.unreadable}   0 / {report.max_score}"
    if report.outcome is ReportOutcome.ERROR:
        return f"{report.submission}   {words.not_graded}"
    return f"{report.submission}   {report.score} / {report.max_score}"


def card_lines(question: QuestionResult, words: ScreenWords, width: int = 80, hints: int = 1) -> Iterator[str]:
    """Status, one problem, the next thoughts, and what each family earned."""
    yield status_line(question, words)
    problem = first_problem(question)
    yield from _curve(question, words)
    if problem is None:
        return
    yield from _wrapped(problem.message, width, first=INDENT, rest=INDENT)
    yield from source_lines(problem.facts, INDENT * 2, width)
    yield from _hint_lines(problem, words, width, hints)
    if question.outcome is not Outcome.NOT_STARTED:
        earned = " · ".join(f"{check.name} {check.score}/{check.max_score}" for check in question.checks)
        yield from _wrapped(earned, width, first=INDENT, rest=INDENT)


def _curve(question: QuestionResult, words: ScreenWords) -> Iterator[str]:
    """The losses of a training run, if there was one."""
    run = next((check for check in question.checks if check.name == LEARNING), None)
    lines = curve_lines(run.facts, words.evidence.yours, words.evidence.expected) if run is not None else []
    return (f"{INDENT}{line}" for line in lines)


def _hint_lines(problem: CheckResult, words: ScreenWords, width: int, hints: int) -> Iterator[str]:
    """The first so many hints, each behind its label; as many as there are, where there are fewer."""
    labels = (words.next, words.then, words.last)
    shown = [hint for hint in (problem.hint, *problem.more_hints)[:hints] if hint]
    room = max((len(label) for label, _ in zip(labels, shown)), default=0)
    for label, hint in zip(labels, shown):
        yield from _labelled(f"{INDENT}{label:{room}}", hint, width)


def status_line(question: QuestionResult, words: ScreenWords) -> str:
    """`✗ multiply   Not yet   7 / 12`"""
    sign, status = SIGNS[question.outcome], words.status[question.outcome.value]
    return f"{sign} {question.name}   {status}   {question.score} / {question.max_score}"


def first_problem(question: QuestionResult) -> CheckResult | None:
    """The most basic check that did not pass; checks are listed from basic to hard."""
    return next((check for check in question.checks if check.outcome is not Outcome.PASSED), None)


def _labelled(label: str, text: str, width: int) -> list[str]:
    """The text behind a label, and its further lines below its beginning."""
    return _wrapped(text, width, first=f"{label}  ", rest=" " * (len(label) + 2))


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, max(width, 40), initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
