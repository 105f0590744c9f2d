"""A report as one page of Markdown: points, a table of questions, and a card for each that is not right yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autograder.records import Report, ReportOutcome
from autograder.render.card import SIGNS, ScreenWords
from autograder.render.fences import fenced
from autograder.render.question_text import VISIBLE, question_text
from autograder.render.strip import not_right

MOST_CHARACTERS = 100_000
"""GitHub takes no release text of more than 125,000 characters."""


def render_markdown(report: Report, title: str, words: Mapping[str, str], screen: ScreenWords) -> str:
    """The page. A text that a student may have written stands behind a fence; `words` are those of hosts."""
    page = "\n".join(_lines(report, title, words, screen))
    return page if len(page) <= MOST_CHARACTERS else "\n".join(_top(report, title, words))


def _lines(report: Report, title: str, words: Mapping[str, str], screen: ScreenWords) -> Iterator[str]:
    yield from _top(report, title, words)
    yield from (f"{fenced(note.message)}\n" for note in report.notes if note.message)
    for question in not_right(report):
        if question.visibility == VISIBLE:
            yield f"### {question.name}\n\n{fenced(question_text(question, words, screen))}\n"


def _top(report: Report, title: str, words: Mapping[str, str]) -> Iterator[str]:
    yield f"## {title}\n"
    if report.outcome is ReportOutcome.ERROR:
        yield f"{words['ours']}\n"
        return
    yield f"{words['score'].format(score=report.score, max_score=report.max_score)}\n"
    waiting = [question for question in not_right(report) if question.visibility == VISIBLE]
    if waiting:
        yield f"{words['next'].format(question=waiting[0].name)}\n"
    elif report.questions and report.score is not None and report.score >= report.max_score:
        yield f"{words['all_right']}\n"
    if report.questions:
        yield f"| | {words['question']} | {words['points']} |\n| --- | --- | ---: |"
        for question in report.questions:
            sign = SIGNS[question.outcome] if question.visibility == VISIBLE else "?"
            yield f"| {sign} | {question.name} | {question.score} / {question.max_score} |"
        yield ""
