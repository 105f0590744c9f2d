"""What a zygote does before it forks many: it answers a sample of our own, and nothing of that stays; large pages."""

from __future__ import annotations

import linecache
import sys

import pytest

from autograder.exams import Exam
from autograder.sandbox import wire
from autograder.sandbox.client import _setting
from autograder.sandbox.definitions import SCRIPT, STUDENT_MODULE
from autograder.sandbox.large_pages import _private, use_large_pages
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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has large pages that can be asked for")
def test_large_pages_hold_what_small_ones_held() -> None:
    """As many stretches as the kernel likes, none on an old one; no byte is another one afterwards."""
    kept = bytes(range(256)) * (1 << 16)
    numbers = list(range(100_000))

    use_large_pages()

    assert kept == bytes(range(256)) * (1 << 16)
    assert numbers == list(range(100_000))


MAPS = """\
55d0a1400000-55d0a1c00000 rw-p 00000000 00:00 0                          [heap]
7f0000001000-7f0000601000 rw-p 00000000 00:00 0
7f0000700000-7f0000800000 rw-p 00000000 00:00 0
7f0001000000-7f0001800000 r--p 00000000 08:01 42                         /usr/lib/libpython.so
7f0002000000-7f0002800000 rw-p 00000000 08:01 42                         /usr/lib/libpython.so
7f0003000000-7f0003800000 rw-s 00000000 00:01 7                          /memfd:journal (deleted)
7ffe00000000-7ffe00800000 rw-p 00000000 00:00 0                          [stack]
"""


def test_what_is_shared_or_of_a_file_stays_in_small_pages() -> None:
    """The heap and what Python asks for, from the first to the last large page that fits in."""
    assert list(_private(MAPS)) == [(0x55D0A1400000, 0x800000), (0x7F0000200000, 0x400000)]
