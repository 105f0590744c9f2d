"""One question as plain text for a host that shows nothing else: its card, and the evidence of its first problem."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.records import QuestionResult
from autograder.render.card import ScreenWords, card_lines, first_problem
from autograder.render.evidence import evidence_lines
from autograder.render.fences import plain

WIDTH = 76
LONGEST = 20_000
"""Characters of one question. Hosts take results of up to a megabyte."""

VISIBLE = "visible"


def question_text(question: QuestionResult, words: Mapping[str, str], screen: ScreenWords) -> str:
    """Of a question that is not visible, nothing is told but that; `words` are those of hosts."""
    return whole_text(question, screen, words["cut"]) if question.visibility == VISIBLE else words["not_shown"]


def whole_text(question: QuestionResult, screen: ScreenWords, cut: str) -> str:
    """Printable, and of bounded length: where it is too long, `cut` says so."""
    lines = list(card_lines(question, screen, WIDTH, hints=2))
    problem = first_problem(question)
    if problem is not None:
        lines += evidence_lines(problem.facts, screen.evidence, WIDTH)
    text = plain("\n".join(lines))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n{cut}"
