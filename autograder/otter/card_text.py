"""The card of one question as otter shows it: plain text, a little narrower, because otter indents it."""

from __future__ import annotations

from dataclasses import replace

from autograder.records import CheckResult, QuestionResult, Report
from autograder.render.card import ScreenWords, body_lines, card_lines, first_problem
from autograder.render.evidence import evidence_lines

WIDTH = 72


def card_text(report: Report, words: ScreenWords) -> str:
    """Notes, the card and its evidence, of a report over one question."""
    (question,) = report.questions
    lines = body_lines(report, words, WIDTH)[1:]
    problem = first_problem(question)
    if problem is not None:
        lines += evidence_lines(problem.facts, words.evidence, WIDTH)
    return "\n".join(lines)


def family_text(question: QuestionResult, check: CheckResult, words: ScreenWords) -> str:
    """What is said of one family alone: its problem, a next thought, and what it earned."""
    alone = replace(
        question,
        name=f"{question.name} - {check.name}",
        outcome=check.outcome,
        score=check.score,
        max_score=check.max_score,
        checks=(check,),
    )
    return "\n".join(card_lines(alone, words, WIDTH))
