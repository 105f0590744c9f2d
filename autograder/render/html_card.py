"""One question in HTML: what a student sees in a notebook.

Always in this order: status, the mistake in one sentence and why, the first failing case, the numbers, the student's
line, hints, and the case to try by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.records import LEARNING, STEPS, CheckResult, Facts, Outcome, QuestionResult, Report
from autograder.render.card import SIGNS, ScreenWords, first_problem
from autograder.render.curve_picture import curve_html
from autograder.render.graph_picture import graph_html
from autograder.render.html_evidence import evidence_html, inputs_html
from autograder.render.html_notes import notes_html
from autograder.render.html_source import python_said_html, source_html
from autograder.render.html_style import COLOURS, QUIET, RED, code, fold, frame, paragraph, pill, prose
from autograder.render.html_words import HtmlWords
from autograder.render.markup import Markup, element
from autograder.render.told import told_of

RAISED = ("raised", "run-raised")
"""Faults of a function that raised an exception: it is told in the status already."""


def cards_html(report: Report, words: ScreenWords) -> str:
    """The notes of a report, and the card of each question in it."""
    return "".join([*map(str, notes_html(report, words)), *(card_html(one, words) for one in report.questions)])


def card_html(question: QuestionResult, words: ScreenWords) -> str:
    """The card of a question. Nothing in it runs, whatever the student's code said."""
    problem = first_problem(question)
    is_raised = question.outcome is Outcome.FAILED and problem is not None and problem.fault in RAISED
    colour = RED if is_raised else COLOURS[question.outcome]
    sign, status = (
        ("!", words.html.raised) if is_raised else (SIGNS[question.outcome], words.status[question.outcome.value])
    )
    return frame(
        _head(question, pill(f"{sign} {status}", colour), words.html),
        *(_right(question, words.html) if problem is None else _problem(question, problem, words)),
        *_pictures(question, words),
        *(() if problem is None else _further(problem, words)),
        *_earned(question),
        colour=colour,
    )


def _head(question: QuestionResult, status: Markup, words: HtmlWords) -> Markup:
    points = words.points.format(score=question.score, of=question.max_score)
    name = element("b", code(question.name), style="margin-left:10px")
    return element("div", element("span", points, style="float:right;font-weight:700"), status, name)


def _right(question: QuestionResult, words: HtmlWords) -> Iterator[Markup]:
    yield paragraph(words.right)


def _problem(question: QuestionResult, problem: CheckResult, words: ScreenWords) -> Iterator[Markup]:
    """What is wrong, why, and where, in words."""
    is_named = bool(question.misconceptions)
    told = told_of(problem, is_named, words.html.for_case)
    yield paragraph(element("b", prose(told.says)), " ", prose(told.why), style="font-size:15px")
    case = [f"{words.html.first_case}: ", element("b", told.case), ". " if told.fact else ""] if told.case else []
    if case or told.fact:
        yield paragraph(*case, told.fact, style=QUIET)
    yield from source_html(problem.facts)


def _pictures(question: QuestionResult, words: ScreenWords) -> Iterator[Markup]:
    """The graph of a model that is walked back once, and the losses of one that is trained."""
    facts: dict[str, Facts] = {check.name: check.facts for check in question.checks}
    yield from graph_html(facts.get(STEPS, {}), words)
    yield from curve_html(facts.get(LEARNING, {}), words)


def _further(problem: CheckResult, words: ScreenWords) -> Iterator[Markup]:
    """The numbers, the hints one by one, and what else there is to open."""
    yield from evidence_html(problem.facts, words)
    hints = [hint for hint in (problem.hint, *problem.more_hints) if hint]
    for number, hint in enumerate(hints, 1):
        yield fold(words.html.hint.format(number=number, of=len(hints)), prose(hint))
    yield from inputs_html(problem.facts, words.html)
    yield from python_said_html(problem.facts, words.html)


def _earned(question: QuestionResult) -> Iterator[Markup]:
    """`runs 2/2 · values 3/3`"""
    if question.outcome is not Outcome.NOT_STARTED:
        earned = " · ".join(f"{check.name} {check.score}/{check.max_score}" for check in question.checks)
        yield paragraph(earned, style=f"margin-top:8px;{QUIET}")
