"""The child: give everything up, read one submission, define its functions, answer the deck, and leave.

Nothing in this process is trusted once the first student statement has run, and nothing secret is ever in it.
numpy and the standard library only.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import signal
import types
from collections.abc import Callable, Collection, Mapping
from itertools import groupby
from typing import Any

from autograder.answer import answer_case, function_of, quiet
from autograder.places.lines import stuck_facts
from autograder.records import CaseAnswer
from autograder.sandbox import wire
from autograder.sandbox.definitions import STUDENT_MODULE, define
from autograder.sandbox.imports import forget_where_modules_are, load_mentioned
from autograder.sandbox.journal import JournalWriter
from autograder.sandbox.layers import CHANNEL, Confines, take_leave
from autograder.sandbox.lessons import CasesOfDeck, Lesson, functions_to_give
from autograder.sandbox.probe import try_everything
from autograder.source.cells import UnreadableSource
from autograder.source.extract import extract

Send = Callable[[int, int, bytes], None]


def work(lesson: Lesson, deck: CasesOfDeck, confines: Confines, journal: int | None, without: Collection[str]) -> None:
    """Answer the one request that comes through the channel."""
    writer = None if journal is None else _map(deck, journal)
    kind, body = _read_frame(CHANNEL)
    if kind == wire.REQUEST:
        request = wire.decode_request(body)
        load_mentioned(request.source.replace(b"\0", b""))  # as in UTF-16
        given = functions_to_give(lesson.setting, request.given)
    forget_where_modules_are()
    missing = take_leave(confines, without)
    if journal is not None and writer is None:
        missing[wire.JOURNAL] = "cannot be mapped"
    sealed = wire.frame(wire.SEALED, 0, wire.encode_sealed(missing))
    if kind == wire.PROBE:
        _write(sealed)
        try_everything(wire.decode_probe(body), _send)
    elif kind == wire.REQUEST and any(name in missing for name in request.required):
        _write(sealed)
    elif kind == wire.REQUEST:
        _serve(request, lesson, deck, given, writer, sealed)


def _map(deck: CasesOfDeck, journal: int) -> JournalWriter | None:
    """The journal, mapped: a limit on files forbids to write it in any other way, and its descriptor goes."""
    try:
        return JournalWriter(deck.layout, memoryview(mmap.mmap(journal, deck.layout.size)))
    except (OSError, ValueError):  # then all answers are frames
        return None


def _read_frame(channel: int) -> tuple[int, bytes]:
    kind, size = 0, wire.HEADER.size
    received = b""
    while len(received) < size:
        chunk = os.read(channel, size - len(received))
        if not chunk:
            os._exit(0)  # the grader is gone
        received += chunk
        if not kind and len(received) == wire.HEADER.size:
            _, kind, _, length = wire.HEADER.unpack(received)
            size += length
    return kind, received[wire.HEADER.size :]


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(CHANNEL, data) :]


def _send(kind: int, number: int, body: bytes) -> None:
    _write(wire.frame(kind, number, body))


def _serve(
    request: wire.Request,
    lesson: Lesson,
    deck: CasesOfDeck,
    given: Mapping[str, Callable[..., Any]],
    journal: JournalWriter | None,
    sealed: bytes,
) -> None:
    try:
        kept = extract(request.source, request.kind, request.functions, request.forwards)
    except UnreadableSource as error:
        _write(sealed + wire.frame(wire.FINDINGS, 0, wire.encode_findings({}, [], error.note)))
        return
    # Told before a student's statement runs, so the grader can believe it.
    _write(sealed + wire.frame(wire.FINDINGS, 0, wire.encode_findings(kept.written, kept.notes, None)))
    _answer_when_asked_where(_send)

    functions, notes = define(kept, request.functions, lesson.setting.modules, given)
    _send(wire.LOADED, 0, wire.encode_loaded(wire.Loaded(frozenset(functions), tuple(notes))))
    functions.update(given)
    for _, numbers in groupby(request.cases, key=lambda number: deck.cases[number].function):
        with quiet():
            for number in numbers:
                function = function_of(deck.cases[number], functions, deck.training)
                if function is not None:
                    answer = answer_case(function, deck.cases[number], lesson.forwards)
                    _tell(number, answer, deck, journal)
    _send(wire.DONE, 0, b"")


def _tell(number: int, answer: CaseAnswer, deck: CasesOfDeck, journal: JournalWriter | None) -> None:
    if journal is not None:
        if journal.write(number, answer, deck.argument_bytes[number]):
            return
        journal.say_framed(number)
    _send(wire.ANSWER, number, wire.encode_answer(answer))


def _answer_when_asked_where(send: Send) -> None:
    """From now on, the grader's signal is answered with the line that runs. It comes once, just before the end."""

    def answer(_signal: int, frame: types.FrameType | None) -> None:
        send(wire.WHEREABOUTS, 0, wire.encode_whereabouts(_student_line(frame)))

    if wire.ASK_WHERE is not None:
        with contextlib.suppress(OSError):  # then it says nothing when it is asked
            signal.signal(wire.ASK_WHERE, answer)


def _student_line(frame: types.FrameType | None) -> dict[str, Any]:
    """The loop of the student's that runs; without one, the innermost line; nothing when all that runs is ours."""
    frames = []
    while frame is not None:
        name = dict.get(frame.f_globals, "__name__")  # their class may be one of the student's
        if type(name) is str and name == STUDENT_MODULE:
            frames.append(frame)
        frame = frame.f_back
    return stuck_facts(frames)
