"""The shared memory in which a worker leaves its answers: there and back, and whatever else may stand in it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_wire import UNHURRIED, is_same_reply

from autograder.answer import answer
from autograder.errors import ProtocolFault
from autograder.exams import SEED, Exam
from autograder.records import CaseAnswer, Reply, Value
from autograder.sandbox.journal import FRAMED, JournalWriter, Layout, make_layout, read_journal, shapes_of
from autograder.sandbox.lessons import argument_bytes_of
from conftest import SOLUTIONS, exam_of_functions, functions_of


@pytest.fixture(scope="module")
def exam() -> Exam:
    return exam_of_functions(SEED)


@pytest.fixture(scope="module")
def layout(exam: Exam) -> Layout:
    return make_layout([(shapes_of(case), case.kept_after is not None) for case in exam.deck.cases])


@pytest.fixture(scope="module")
def answers(exam: Exam) -> tuple[CaseAnswer | None, ...]:
    """What the solution answers, in this process."""
    return answer(functions_of(SOLUTIONS / "solution.py"), exam.deck, exam.assignment).cases


@pytest.fixture(scope="module")
def argument_bytes(exam: Exam) -> list[tuple[bytes, ...]]:
    return [argument_bytes_of(case) for case in exam.deck.cases]


def test_every_answer_of_a_right_submission_comes_back_from_the_journal(
    layout: Layout, answers: Any, argument_bytes: Any
) -> None:
    """Container, shapes and numbers, what was kept, and that the arguments are as they were: no frame is needed."""
    memory = np.zeros(layout.size, np.uint8)
    writer = JournalWriter(layout, memoryview(memory))
    assert all(writer.write(number, one, argument_bytes[number]) for number, one in enumerate(answers))

    back = dict(read_journal(layout, memory.tobytes(), range(len(answers)), argument_bytes))

    for number, sent in enumerate(answers):
        got = back[number]
        assert got is not None
        assert got.arguments == sent.arguments
        assert all(is_same_reply(one, other) for one, other in zip(got.replies, sent.replies))
        assert (got.kept is None) == (sent.kept is None)
        assert sent.kept is None or is_same_reply(got.kept, sent.kept)


def test_answers_do_not_overlap(layout: Layout, answers: Any, argument_bytes: Any) -> None:
    """Each case has places of its own: written in any order, each comes back."""
    memory = np.zeros(layout.size, np.uint8)
    writer = JournalWriter(layout, memoryview(memory))
    for number in reversed(range(len(answers))):
        writer.write(number, answers[number], argument_bytes[number])

    back = dict(read_journal(layout, memory.tobytes(), range(len(answers)), argument_bytes))

    assert all(
        is_same_reply(one, other)
        for number, sent in enumerate(answers)
        for one, other in zip(back[number].replies, sent.replies)  # type: ignore[union-attr]
    )


UNUSUAL = {
    "another-shape": lambda reply: replace(reply, values=(Value("array", (2,), np.zeros(2)), *reply.values[1:])),
    "one-value-too-few": lambda reply: replace(reply, values=reply.values[1:]),
    "one-value-too-many": lambda reply: replace(reply, values=(*reply.values, reply.values[0])),
    "a-dict": lambda _: Reply("dict"),
    "no-array": lambda reply: replace(reply, values=(Value("None"), *reply.values[1:])),
    "an-exception": lambda _: Reply(raised={"exception": "ValueError", "text": ""}),
}


@pytest.mark.parametrize("change", UNUSUAL.values(), ids=UNUSUAL)
def test_an_answer_of_another_form_is_framed(layout: Layout, answers: Any, argument_bytes: Any, change: Any) -> None:
    """The journal has places for what a right function returns, and for nothing else."""
    memory = np.zeros(layout.size, np.uint8)
    sent = answers[0]
    odd = replace(sent, replies=(change(sent.replies[0]), *sent.replies[1:]))

    assert not JournalWriter(layout, memoryview(memory)).write(0, odd, argument_bytes[0])
    assert not memory.any()


def test_changed_arguments_are_framed(layout: Layout, answers: Any, argument_bytes: Any) -> None:
    """The journal says of arguments only that they are as they were."""
    memory = np.zeros(layout.size, np.uint8)
    changed = replace(answers[0], arguments=(b"", *answers[0].arguments[1:]))

    assert not JournalWriter(layout, memoryview(memory)).write(0, changed, argument_bytes[0])


def test_memory_of_another_size_is_a_protocol_fault(layout: Layout, argument_bytes: Any) -> None:
    """Where memory cannot be sealed, a student's code may have shortened it."""
    with pytest.raises(ProtocolFault) as raised:
        list(read_journal(layout, b"", [0], argument_bytes))

    assert str(raised.value) == f"a journal of 0 bytes that had {layout.size}"


@UNHURRIED
@given(st.data())
def test_whatever_stands_in_the_journal_is_an_answer_or_a_protocol_fault(
    layout: Layout, argument_bytes: Any, data: st.DataObject
) -> None:
    """A student's code may write any byte anywhere."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    memory = np.zeros(layout.size, np.uint8)
    memory[: layout.numbers] = rng.integers(0, data.draw(st.sampled_from([2, 3, 4, 5, 256])), layout.numbers)
    memory[layout.numbers :] = rng.integers(0, 256, layout.size - layout.numbers)
    expected = range(len(layout.entries))
    with contextlib.suppress(ProtocolFault):
        for number, found in read_journal(layout, memory.tobytes(), expected, argument_bytes):
            if found is None:
                assert memory[layout.entries[number].status] == FRAMED
            else:
                shapes = [[value.shape for value in reply.values] for reply in found.replies]
                assert shapes == [list(shapes) for shapes, _ in layout.entries[number].calls][: len(shapes)]
