"""What a student gets back: the grade, what changed it and why, and the cards; as a page and as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from autograder.gradebook import Grade
from autograder.records import Report
from autograder.render.card import body_lines
from autograder.render.chart import number, signed
from autograder.render.feedback import load_page_words, load_screen_words
from autograder.render.html_card import cards_html
from autograder.render.markup import Markup
from autograder.render.pages import render_page

HIDDEN = "hidden"
"""The visibility of a question that students never see. What waited for the grades is shown with them."""


def render_student_page(grade: Grade, title: str, language: str) -> str:
    """One HTML file that needs nothing else. Asks for the whole report, with its evidence, to show as much as a card
    does."""
    words, screen = load_page_words(language), load_screen_words(language)
    report = _shown(grade)
    return render_page(
        "student_page.html",
        language=language,
        title=title,
        words=words,
        name=grade.student.shown,
        about=list(_about(grade, words)),
        score=_score(grade, words),
        score_more=_before(grade, words),
        adjustments=[(signed(one.points), one.reason) for one in grade.adjustments],
        notes=_notes(grade, words),
        cards=Markup("" if report is None else cards_html(report, screen)),
        not_shown=_not_shown(grade, words),
    )


def render_student_text(grade: Grade, title: str, language: str, width: int = 80) -> str:
    """The same as plain text, without pictures, and with the first hint of each question."""
    words, screen = load_page_words(language), load_screen_words(language)
    report = _shown(grade)
    before = _before(grade, words)
    lines = [
        " · ".join([grade.student.shown, title, *_about(grade, words)]),
        _score(grade, words) + (f"   {before}" if before else ""),
        *(f"  {signed(one.points):>6}  {one.reason}" for one in grade.adjustments),
        *(line for note in _notes(grade, words) for line in ["", *textwrap.wrap(note, width)]),
        *([] if report is None else body_lines(report, screen, width)),
        *(line for said in _not_shown(grade, words) for line in ["", *textwrap.wrap(said, width)]),
    ]
    return "".join(f"{_printable(line)}\n" for line in lines)


def _shown(grade: Grade) -> Report | None:
    """The report that makes the grade, without the questions that students never see."""
    if grade.entry is None:
        return None
    report = grade.entry.report
    return replace(report, questions=tuple(one for one in report.questions if one.visibility != HIDDEN))


def _not_shown(grade: Grade, words: Mapping[str, Any]) -> list[str]:
    questions = () if grade.entry is None else grade.entry.report.questions
    return [words["not_shown"].format(name=one.name) for one in questions if one.visibility == HIDDEN]


def _about(grade: Grade, words: Mapping[str, Any]) -> Iterator[str]:
    """Which file, when, which attempt, and with whom."""
    if grade.entry is None:
        return
    handin = grade.entry.handin
    yield words["handed_in"].format(file=handin.file or handin.name)
    if handin.submitted:
        yield words["at_time"].format(time=handin.submitted)
    if grade.attempts > 1:
        yield words["attempt"].format(attempt=handin.attempt, attempts=grade.attempts)
    if len(handin.students) > 1:
        names = ", ".join(student.shown for student in handin.students)
        yield words["group"].format(count=len(handin.students), names=names)


def _score(grade: Grade, words: Mapping[str, Any]) -> str:
    if grade.score is None:
        return str(words["no_grade"])
    return str(words["earned"].format(score=number(grade.score), of=grade.max_score))


def _before(grade: Grade, words: Mapping[str, Any]) -> str:
    """What the questions gave, where something changed it."""
    if not grade.adjustments or grade.entry is None or grade.entry.report.score is None:
        return ""
    return f"{grade.entry.report.score} {words['from_checks']}"


def _notes(grade: Grade, words: Mapping[str, Any]) -> list[str]:
    """Those on the hand-in; a report's own come with its cards."""
    if grade.entry is None:
        return [words["nothing_handed_in"]]
    return [note.message or note.fault for note in grade.entry.handin.notes]


def _printable(line: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)
