"""The fast path: answers of the usual form, copied to places that are known beforehand.

A journal is shared memory: one status byte a case, one byte a call for the container of what came back, and then the
numbers of all cases in a row. An answer has the usual form when every call gave the right number of arrays of the
right shapes and left its arguments as they were; all others travel as frames. The student's code shares the memory
with the worker and may scribble on it, so the grader reads it as what it is: claims, looked at when the worker is dead.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from typing import Any

import numpy as np

from autograder.errors import ProtocolFault
from autograder.records import Array, Case, CaseAnswer, Reply, Value

NOTHING, WRITTEN, FRAMED = 0, 1, 2
"""What a status byte says of a case: not answered, answered in the journal, answered by a frame."""

CONTAINERS = ("", "one", "tuple", "list")
"""What a container byte says. A call that gave several arrays gave them in a tuple or a list."""

Shapes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Entry:
    """Where the answer to one case stands: `status` is the place of its byte, `containers` and `numbers` are the
    stretches of those of all its calls, in bytes.

    `calls` are, for each call, the shapes of what a right function returns and where the numbers of each are among all
    numbers; the last one is that of the kept result, where there is one.
    """

    status: int
    containers: slice
    numbers: slice
    calls: tuple[tuple[Shapes, tuple[slice, ...]], ...]
    is_kept: bool


@dataclass(frozen=True)
class Layout:
    """The places of a deck's answers. `numbers` is where these start, `size` all bytes of a journal."""

    entries: tuple[Entry, ...]
    numbers: int
    size: int


def shapes_of(case: Case) -> tuple[Shapes, ...]:
    """For each call of a case, the shapes of what a right function returns."""
    if case.run is not None:
        constants, parameters = case.slots
        arguments = case.calls[0].arguments[constants.size :][: parameters.size]
        return (tuple((case.run.steps + 1, *argument.values.shape) for argument in arguments),)
    return tuple(tuple(call.operands[wrt].shape for wrt in case.key.wrt) for call in case.calls)


def make_layout(shapes: Sequence[tuple[tuple[Shapes, ...], bool]]) -> Layout:
    """The layout for cases whose calls return these shapes; the second says whether a result is read again."""
    whole = [(*calls, *calls[: 1 if is_kept else 0]) for calls, is_kept in shapes]
    container = len(shapes)
    start = -(-(container + sum(map(len, whole))) // 8) * 8
    entries = []
    place = 0
    for number, calls in enumerate(whole):
        places = []
        first = place
        for call in calls:
            stops = list(accumulate(map(math.prod, call), initial=place))
            places.append((call, tuple(map(slice, stops, stops[1:]))))
            place = stops[-1]
        entries.append(
            Entry(
                status=number,
                containers=slice(container, container + len(calls)),
                numbers=slice(start + 8 * first, start + 8 * place),
                calls=tuple(places),
                is_kept=shapes[number][1],
            )
        )
        container += len(calls)
    return Layout(tuple(entries), start, start + 8 * place)


# ---- the worker's side -------------------------------------------------------------------------------------


class JournalWriter:
    """Writes answers of the usual form into the shared memory."""

    def __init__(self, layout: Layout, memory: memoryview) -> None:
        """`memory` are the bytes of the journal."""
        self.layout = layout
        self.memory = memory

    def write(self, number: int, answer: CaseAnswer, argument_bytes: tuple[bytes, ...]) -> bool:
        """Whether the answer to case `number` has the usual form, and is written. `argument_bytes` are those that the
        arguments of each call have to have afterwards."""
        entry = self.layout.entries[number]
        replies = (*answer.replies, answer.kept) if entry.is_kept else answer.replies
        if answer.stopped or len(replies) != len(entry.calls) or answer.arguments != argument_bytes:
            return False
        containers = bytearray()
        numbers: list[Any] = []
        for reply, (shapes, _) in zip(replies, entry.calls):
            if reply is None or reply.raised is not None or len(reply.values) != len(shapes):
                return False
            if reply.container not in CONTAINERS or (len(shapes) > 1 and reply.container == "one"):
                return False
            for value, shape in zip(reply.values, shapes):
                if value.data is None or value.shape != shape:
                    return False
                numbers.append(value.data)
            containers.append(CONTAINERS.index(reply.container))
        self.memory[entry.containers] = containers
        self.memory[entry.numbers] = b"".join(numbers)  # their bytes: all are float64 in C order
        self.memory[entry.status] = WRITTEN  # last: until here, there is no answer
        return True

    def say_framed(self, number: int) -> None:
        """The answer comes as a frame. Said before it is sent, so that a frame without this is a forgery."""
        self.memory[self.layout.entries[number].status] = FRAMED


# ---- the grader's side -------------------------------------------------------------------------------------


def read_journal(
    layout: Layout, memory: bytes, expected: Sequence[int], argument_bytes: Sequence[tuple[bytes, ...]]
) -> Iterator[tuple[int, CaseAnswer | None]]:
    """For each expected case that has one, its number and its answer; None where that comes as a frame.

    Raises ProtocolFault on bytes that no honest worker writes. The numbers themselves may be anything.
    """
    if len(memory) != layout.size:
        raise ProtocolFault(f"a journal of {len(memory)} bytes that had {layout.size}")
    numbers = np.frombuffer(memory, np.float64, offset=layout.numbers)
    for number in expected:
        entry = layout.entries[number]
        status = memory[entry.status]
        if status == FRAMED:
            yield number, None
        elif status == WRITTEN:
            replies = tuple(map(_reply, memory[entry.containers], entry.calls, repeat(numbers)))
            kept = replies[-1] if entry.is_kept else None
            yield number, CaseAnswer(replies[:-1] if entry.is_kept else replies, argument_bytes[number], kept)
        elif status != NOTHING:
            raise ProtocolFault(f"the status {status}")


def _reply(container: int, call: tuple[Shapes, tuple[slice, ...]], numbers: Array) -> Reply:
    shapes, places = call
    if not 0 < container < len(CONTAINERS) or (len(shapes) > 1 and CONTAINERS[container] == "one"):
        raise ProtocolFault(f"the container {container} with {len(shapes)} arrays")
    values = [Value("array", shape, numbers[place].reshape(shape)) for shape, place in zip(shapes, places)]
    return Reply(CONTAINERS[container], tuple(values))
