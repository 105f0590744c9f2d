"""The student's own line in HTML, the part that raised underlined, and what Python said where we said it better."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.records import Facts
from autograder.render.html_style import MARK, block, code, fold, paragraph
from autograder.render.html_words import HtmlWords
from autograder.render.markup import Markup, element


def source_html(facts: Facts) -> Iterator[Markup]:
    """The line behind its number; nothing where its text is not known."""
    line = str(facts.get("code", ""))
    if not line:
        return
    start, stop = int(facts.get("start", 0)), int(facts.get("stop", 0))
    number = element("span", f"{facts.get('line', '')} │ ", style="opacity:0.75")
    # The mark under an expression that ends before it begins would be no mark.
    style = f"border-bottom:2px solid {MARK};font-weight:700"
    marked = element("span", line[start:stop], style=style) if start < stop else Markup("")
    yield block(number, line[:start], marked, line[max(start, stop) :])


def python_said_html(facts: Facts, words: HtmlWords) -> Iterator[Markup]:
    """What Python or numpy said, where the card has a sentence of our own in its place."""
    if "reason" in facts and facts.get("text"):
        yield fold(words.python_said, paragraph(code(f"{facts['exception']}: {facts['text']}")))
