"""A million damaged frames, a hundred thousand scribbled journals: well-formed results, or ProtocolFault."""

from __future__ import annotations

import random

import numpy as np
import pytest
from damage import Kind, below, damaged, kinds, size_of

from autograder.answer import answer, most_entries
from autograder.errors import ProtocolFault
from autograder.exams import SEED, Exam
from autograder.records import CaseAnswer, Reply
from autograder.sandbox.client import at_hand
from autograder.sandbox.journal import FRAMED, NOTHING, WRITTEN, JournalWriter, read_journal
from autograder.sandbox.peer import DeckAtHand
from conftest import SOLUTIONS, exam_of_functions, functions_of

CHUNKS, FRAMES = 20, 50_000
JOURNAL_CHUNKS, JOURNALS = 20, 5_000
"""With --proof: so many runs of so many, each a test of its own, so that they spread over processors."""


@pytest.fixture(scope="module")
def exam() -> Exam:
    return exam_of_functions(SEED)


@pytest.fixture(scope="module")
def frames(exam: Exam) -> list[Kind]:
    return kinds(exam)


@pytest.fixture(scope="module")
def hand(exam: Exam) -> DeckAtHand:
    return at_hand(exam.deck)


@pytest.fixture(scope="module")
def honest(exam: Exam, hand: DeckAtHand) -> bytes:
    """A journal with all answers of the solution."""
    memory = np.zeros(hand.layout.size, np.uint8)
    writer = JournalWriter(hand.layout, memoryview(memory))
    answers = answer(functions_of(SOLUTIONS / "solution.py"), exam.deck, exam.assignment).cases
    assert all(writer.write(at, one, hand.argument_bytes[at]) for at, one in enumerate(answers) if one is not None)
    return memory.tobytes()


# ---- frames ------------------------------------------------------------------------------------------------


def check_frames(frames: list[Kind], seed: int, count: int) -> int:
    """How many of so many damaged frames could be read all the same. Whatever a decoder raises but ProtocolFault
    comes out."""
    rng = random.Random(seed)
    everything = [body for kind in frames for body in kind.bodies]
    read = 0
    for _ in range(count):
        kind = frames[below(rng, len(frames))]
        number = below(rng, len(kind.bodies))
        body = damaged(kind.bodies[number], everything, rng)
        try:
            result = kind.decode(body, number)
        except ProtocolFault:
            continue
        read += 1
        assert size_of(result) <= 2 * len(body) + 64, (kind.name, body)
    return read


def test_every_honest_frame_is_read(frames: list[Kind]) -> None:
    """What is damaged below was whole before, and is as large as is said of it."""
    for kind in frames:
        for number, body in enumerate(kind.bodies):
            assert size_of(kind.decode(body, number)) <= 2 * len(body) + 64


def test_a_damaged_frame_is_small_or_a_protocol_fault(frames: list[Kind]) -> None:
    """Nothing comes back that is much larger than the bytes that came, and the damage is such that some is read."""
    assert 100 < check_frames(frames, CHUNKS, 5_000) < 2_000


@pytest.mark.proof
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_million_damaged_frames_are_small_or_protocol_faults(frames: list[Kind], chunk: int) -> None:
    """The same, for as long as it takes to meet what is rare."""
    check_frames(frames, chunk, FRAMES)


# ---- journals ----------------------------------------------------------------------------------------------


def scribbled(honest: bytes, numbers: int, rng: np.random.Generator) -> bytes:
    """An honest journal in which a student's code has written: single bytes, whole stretches, or all of it."""
    memory = np.frombuffer(honest, np.uint8).copy()
    for _ in range(rng.integers(1, 5)):
        start = int(rng.integers(0, numbers if rng.integers(0, 3) else len(memory)))
        size = int(rng.choice([1, 1, 1, 1, 8, 100, len(memory)]))
        highest = int(rng.choice([1, 2, 3, 3, 4, 5, 256]))
        part = memory[start : start + size]
        part[...] = rng.integers(0, highest, len(part))
    if rng.integers(0, 20) == 0:
        memory = memory[: rng.integers(0, len(memory))]
    return memory.tobytes()


def check_journals(hand: DeckAtHand, honest: bytes, seed: int, count: int) -> int:
    """How many of so many scribbled journals could be read to the end."""
    rng = np.random.default_rng(seed)
    layout = hand.layout
    read = 0
    for _ in range(count):
        memory = scribbled(honest, layout.numbers, rng)
        try:
            found = dict(read_journal(layout, memory, range(len(layout.entries)), hand.argument_bytes))
        except ProtocolFault:
            continue
        read += 1
        for number, entry in enumerate(layout.entries):
            status = memory[entry.status]
            assert status in (NOTHING, WRITTEN, FRAMED)
            assert (number in found) == (status != NOTHING)
            one = found.get(number)
            assert (one is not None) == (status == WRITTEN)
            if one is not None:
                assert_fits(hand, number, one)
    return read


def assert_fits(hand: DeckAtHand, number: int, answer: CaseAnswer) -> None:
    """An answer of the form that a right function gives, whatever the numbers are."""
    case, entry = hand.cases[number], hand.layout.entries[number]
    assert (answer.stopped, answer.arguments) == ("", hand.argument_bytes[number])
    assert len(answer.replies) == len(case.calls)
    assert (answer.kept is not None) == entry.is_kept
    replies: list[Reply] = [*answer.replies] if answer.kept is None else [*answer.replies, answer.kept]
    for reply, (shapes, _) in zip(replies, entry.calls, strict=True):
        assert reply.raised is None
        assert reply.container in ("one", "tuple", "list")
        assert len(reply.values) == len(shapes)
        for value, shape in zip(reply.values, shapes):
            assert value.data is not None
            assert (value.kind, value.shape, value.data.shape, value.data.dtype) == ("array", shape, shape, np.float64)
            assert value.data.size <= most_entries(case)


def test_a_scribbled_journal_is_answers_or_a_protocol_fault(hand: DeckAtHand, honest: bytes) -> None:
    """Whatever is written there, an answer has the form of a right one, and belongs to a case that says so."""
    assert 0 < check_journals(hand, honest, JOURNAL_CHUNKS, 50) < 50


@pytest.mark.proof
@pytest.mark.parametrize("chunk", range(JOURNAL_CHUNKS))
def test_a_hundred_thousand_scribbled_journals_are_answers_or_protocol_faults(
    hand: DeckAtHand, honest: bytes, chunk: int
) -> None:
    """The same, for as long as it takes to meet what is rare."""
    check_journals(hand, honest, chunk, JOURNALS)
