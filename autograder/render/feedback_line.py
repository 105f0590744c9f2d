"""A grade in a line of text, for a cell of feedback: what was lost and why, in the words that the student knows."""

from __future__ import annotations

from html import escape

from autograder.gradebook import Grade
from autograder.records import Outcome, QuestionResult, ReportOutcome
from autograder.render.spreadsheet import number_cell, text_cell

VISIBLE = "visible"
PARTS = " · "


def feedback_line(grade: Grade) -> str:
    """The score, each question that is not right yet with the first thing to be said of it, and every adjustment.

    Of questions that students may not see, nothing is said. It is text for a page: what a student's code printed is
    escaped, and begins no formula on the way there.
    """
    parts = [f"{number_cell(grade.score)} / {number_cell(grade.max_score)}"]
    if grade.entry is not None:
        report = grade.entry.report
        if report.outcome is ReportOutcome.UNREADABLE:
            parts += [note.message for note in report.notes if note.message]
        parts += [_said(one) for one in report.questions if one.outcome is not Outcome.PASSED and _is_visible(one)]
    parts += [
        f"{'+' if one.points > 0 else ''}{number_cell(one.points)}: {one.reason}"
        for one in grade.adjustments
        if one.points
    ]
    return text_cell(escape(PARTS.join(parts), quote=False))


def _is_visible(question: QuestionResult) -> bool:
    return question.visibility == VISIBLE


def _said(question: QuestionResult) -> str:
    messages = [check.message for check in question.checks if check.outcome is not Outcome.PASSED and check.message]
    points = f"{question.name} {question.score}/{question.max_score}"
    return f"{points}: {messages[0]}" if messages else points
