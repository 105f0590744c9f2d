"""A report as one strip of questions in HTML: where a student stands, and what comes next."""

from __future__ import annotations

from autograder.records import Outcome, QuestionResult, Report, ReportOutcome
from autograder.render.card import SIGNS, ScreenWords, title_line
from autograder.render.html_notes import notes_html
from autograder.render.html_style import COLOURS, GREEN, LINE, QUIET, code, frame, paragraph, pill
from autograder.render.markup import Markup, element
from autograder.render.strip import is_finished, not_right


def strip_html(report: Report, words: ScreenWords) -> str:
    """All questions with their signs and points, the sum, the notes, and the next question to do."""
    if report.outcome is not ReportOutcome.GRADED:
        colour = COLOURS[Outcome.ERROR]
        return frame(element("b", title_line(report, words)), *notes_html(report, words), colour=colour)
    total = words.html.total.format(score=report.score, of=report.max_score)
    return frame(
        element("div", element("b", total), style="font-size:15px;margin:0 0 6px 0"),
        element("div", *(_chip(question, words) for question in report.questions)),
        *notes_html(report, words),
        _next(report, words),
        colour=GREEN if is_finished(report) else COLOURS[Outcome.FAILED],
    )


def _chip(question: QuestionResult, words: ScreenWords) -> Markup:
    style = f"display:inline-block;border:{LINE};border-radius:14px;padding:1px 10px 1px 2px;margin:3px 8px 3px 0"
    points = element("span", f"{question.score}/{question.max_score}", style=QUIET)
    sign = pill(SIGNS[question.outcome], COLOURS[question.outcome])
    return element(
        "span", sign, f" {question.name} ", points, style=f"{style};white-space:nowrap",
        title=f"{question.name}: {words.status[question.outcome.value]}",
    )  # fmt: skip


def _next(report: Report, words: ScreenWords) -> Markup:
    if is_finished(report):
        return paragraph(element("b", words.finished))
    return paragraph(f"{words.next}: ", element("b", code(not_right(report)[0].name)))
