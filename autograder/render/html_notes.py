"""What a person should know about the submission as a whole, in HTML."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.records import Report
from autograder.render.card import ScreenWords
from autograder.render.html_style import paragraph
from autograder.render.markup import Markup, element


def notes_html(report: Report, words: ScreenWords) -> Iterator[Markup]:
    """One paragraph for each note."""
    return (paragraph(element("b", f"{words.note}: "), note.message) for note in report.notes)
