"""The sample of our own that a zygote answers once: it runs through, and nothing of it stays where a student looks."""

from __future__ import annotations

import linecache
import sys

import pytest

from autograder.grading import Exam
from autograder.sandbox import wire
from autograder.sandbox.client import _setting
from autograder.sandbox.definitions import SCRIPT, STUDENT_MODULE
from autograder.sandbox.lessons import CasesOfDeck, Lesson, learn_assignment, learn_deck
from autograder.sandbox.warmup import SAMPLE, answer_sample, warm_up
from autograder.verification.formulas import formulas_of
from conftest import SOLUTIONS


@pytest.fixture(scope="module")
def lesson(exam: Exam) -> Lesson:
    return learn_assignment(wire.encode_setting(_setting(exam.assignment)))


@pytest.fixture(scope="module")
def deck(exam: Exam, lesson: Lesson) -> CasesOfDeck:
    return learn_deck(wire.encode_deck(exam.deck.cases), lesson.setting)


def test_the_sample_answers_every_deck(lesson: Lesson, deck: CasesOfDeck) -> None:
    """Nothing raises, so that all of it is done: an exception would be passed over, and cost speed."""
    answer_sample(lesson, deck)
    warm_up(lesson, deck)


def test_nothing_of_the_sample_stays(lesson: Lesson, deck: CasesOfDeck) -> None:
    """No module of a student's, no line that a traceback would show."""
    warm_up(lesson, deck)

    assert STUDENT_MODULE not in sys.modules
    assert SCRIPT not in linecache.cache


def test_the_sample_gives_nothing_away() -> None:
    """A student's code can read it: no formula of the solution may be in it."""
    solution = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")

    assert [formula.text for formula in formulas_of(solution) if formula.is_in(SAMPLE)] == []
