"""A report as one strip of questions, and the one problem to look at next: what stands beside an editor."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace

from autograder.records import Outcome, QuestionResult, Report, ReportOutcome
from autograder.render.card import SIGNS, ScreenWords, body_lines, first_problem, title_line

LOST = ("syntax-error", "statement-raised")
"""Notes that say a part of the file was lost, and may explain what is wrong with a question."""


def is_finished(report: Report) -> bool:
    """True when every question of a graded report is right."""
    return report.outcome is ReportOutcome.GRADED and not not_right(report)


def not_right(report: Report) -> list[QuestionResult]:
    """The questions that are not right yet, in the order of the assignment."""
    return [question for question in report.questions if question.outcome is not Outcome.PASSED]


def strip_lines(report: Report, words: ScreenWords, width: int | None = None) -> list[str]:
    """`✓ add  ✗ multiply  ○ sigmoid   12 / 30`, one line or, within `width`, as many as it takes.

    Lines end between questions, never inside a name. A report without questions is its title.
    """
    if report.outcome is not ReportOutcome.GRADED:
        title = title_line(report, words)
        return textwrap.wrap(title, width, break_on_hyphens=False) if width else [title]
    pieces = [f"{SIGNS[question.outcome]} {question.name}" for question in report.questions]
    return flow([*pieces, f" {report.score} / {report.max_score}"], "  ", width)


def problem_lines(report: Report, words: ScreenWords, width: int, hints: int = 1) -> list[str]:
    """The card of the first question that is not right, below the first part of the file that was lost, if one was:
    it may be why. Where there is no such question, every note."""
    first = tuple(not_right(report)[:1])
    notes = report.notes
    if first:
        problem = first_problem(first[0])
        told = problem is not None and problem.fault == "broken"  # its message names the line already
        notes = () if told else tuple(note for note in notes if note.fault in LOST)[:1]
    return body_lines(replace(report, notes=notes, questions=first), words, width, hints)[1:]


def news_lines(turned_right: Sequence[str], words: ScreenWords, width: int) -> list[str]:
    """`multiply is right now.`, or nothing where no question turned right."""
    if not turned_right:
        return []
    sentence = words.one_is_right if len(turned_right) == 1 else words.many_are_right
    return textwrap.wrap(sentence.format(questions=", ".join(turned_right)), width)


def flow(pieces: Sequence[str], gap: str, width: int | None = None) -> list[str]:
    """The pieces in lines of at most `width`, with `gap` between them; a piece is never broken."""
    lines = list(pieces[:1])
    for piece in pieces[1:]:
        longer = f"{lines[-1]}{gap}{piece}"
        if width is None or len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(piece.strip())
    return lines
