"""One worker as the grader sees it: a request goes in, frames come out under clocks, to be read when it is dead."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.answer import needs_of
from autograder.errors import ProtocolFault
from autograder.records import Case, CaseAnswer, Facts, Limits, Note, Written
from autograder.sandbox import wire
from autograder.sandbox.journal import NOTHING, Layout, read_journal
from autograder.sandbox.memory import read_all
from autograder.sandbox.nest import Hatchling, Nest

WHERE_SECONDS = 0.5
"""For a worker that is out of time to say where it is. It may be unable to, or not want to."""

GLANCE_SECONDS = 0.05
"""Between two looks at how far a silent worker has come. A limit is kept to so much."""


@dataclass(frozen=True, eq=False)
class DeckAtHand:
    """The cases of a deck, and what the grader needs beside them: their places in a journal, the bytes of the arguments
    of each call, those that an answer to each case has at most, and the memory file that zygotes read them from."""

    cases: tuple[Case, ...]
    layout: Layout
    argument_bytes: tuple[tuple[bytes, ...], ...]
    longest_answers: tuple[int, ...]
    descriptor: int


@dataclass
class Heard:
    """What one worker said about one request before it ended. `failure` says why it ended early, if it did, and `at`
    where it was when its time was up; `missing` are the layers that did not take hold."""

    missing: Mapping[str, str] | None = None
    written: Mapping[str, Written] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    unreadable: Note | None = None
    loaded: wire.Loaded | None = None
    answers: dict[int, CaseAnswer] = field(default_factory=dict)
    failure: str = ""
    at: Facts = field(default_factory=dict)
    expected: list[int] = field(default_factory=list)
    is_ours: bool = False

    @property
    def unanswered(self) -> list[int]:
        return [number for number in self.expected if number not in self.answers]


class Ended(Exception):
    """A worker says no more: "time", it was silent for too long; "died", it is gone."""


class Peer:
    """The channel to one worker, its journal, and the end of both."""

    def __init__(self, nest: Nest, hatchling: Hatchling, channel: socket.socket, journal: int | None) -> None:
        self.nest = nest
        self.hatchling = hatchling
        self.channel = channel
        self.channel.setblocking(False)
        self.journal = journal
        self.received = bytearray()
        self.poll = select.poll()

    def ask(self, request: wire.Request, deck: DeckAtHand, limits: Limits, deadline: float) -> Heard:
        """Put the request to the worker, collect its frames, kill it, and only then read what it said."""
        heard = Heard()
        ends: list[int] = []
        last_words = b""
        try:
            failure = self._collect(request, deck, limits, deadline, ends)
        except Ended as ended:
            failure = str(ended)
            if failure == "time":
                last_words = self._ask_where(max(ends, default=0))
        finally:
            heard.is_ours = not self.end()
        try:
            if not heard.is_ours:
                self._read(request, deck, heard, ends)
        except ProtocolFault:
            failure = "disturbed"
        finally:
            self._close_journal()
        if failure == "disturbed":
            heard.answers.clear()  # whoever forges one thing may have forged another
        if last_words and failure == "time":
            with contextlib.suppress(ProtocolFault):  # what it says there, or fails to say, changes nothing else
                heard.at = wire.decode_whereabouts(last_words)
        heard.failure = failure or ("died" if _is_incomplete(heard) else "")
        if heard.failure and not heard.expected:
            heard.loaded = None  # whatever it said: no function was to blame yet
        return heard

    def probe(self, target: Mapping[str, str], deadline: float) -> tuple[dict[str, str], dict[str, str], bool]:
        """The layers that did not take hold, what the probe could do, and whether it was killed in its last attempt."""
        ends: list[int] = []
        is_killed = False
        try:
            self._send(wire.frame(wire.PROBE, 0, wire.encode_probe(target)), deadline)
            for _ in range(3):
                self._next_frame(ends, deadline, wire.LONGEST_SMALL_FRAME)
        except Ended as ended:
            is_killed = str(ended) == "died"
        finally:
            self.end()
            self._close_journal()
        missing: dict[str, str] = {}
        results: dict[str, str] = {}
        for kind, _, body in self._frames(ends):
            if kind == wire.SEALED:
                missing = wire.decode_sealed(body)
            else:
                results |= wire.decode_probed(body)
        return missing, results, is_killed

    # ---- while it lives ------------------------------------------------------------------------------------

    def _collect(
        self, request: wire.Request, deck: DeckAtHand, limits: Limits, deadline: float, ends: list[int]
    ) -> str:
        """Frames as they come, by their headers only; `ends` receives where each ends. Returns what went wrong."""
        load_deadline = min(deadline, time.monotonic() + limits.load)
        self._send(wire.frame(wire.REQUEST, 0, wire.encode_request(request)), load_deadline)
        cases = [deck.cases[number] for number in request.cases]
        longest = wire.longest_conversation(deck.longest_answers[number] for number in request.cases)
        most = wire.most_frames(cases)
        while True:
            kind, _ = self._next_frame(ends, load_deadline, longest)
            if kind == wire.DONE:
                return ""
            if kind == wire.LOADED:
                break
            if kind == 0 or ends[-1] > longest or len(ends) > most:
                return "disturbed"
        clocks = _Clocks(request.cases, cases, limits, deadline)
        while True:
            try:
                kind, number = self._next_frame(ends, clocks.next_look(), longest)
            except Ended as ended:
                if str(ended) != "time":
                    raise
                if clocks.see(self._answered(request.cases)):
                    continue
                raise
            if kind == 0 or ends[-1] > longest or len(ends) > most:
                return "disturbed"
            if kind == wire.DONE:
                return ""
            if kind == wire.ANSWER:
                clocks.see({number})

    def _answered(self, numbers: Sequence[int]) -> set[int]:
        """The cases that the journal claims to be answered: enough for a clock."""
        if self.journal is None or not numbers:
            return set()
        status = os.pread(self.journal, max(numbers) + 1, 0)
        return {number for number in numbers if number < len(status) and status[number] != NOTHING}

    def _ask_where(self, start: int) -> bytes:
        """What a worker that is out of time says of where it is; nothing if it says anything else, or is in the middle
        of another frame."""
        if wire.ASK_WHERE is None or len(self.received) > start:
            return b""
        patience = time.monotonic() + WHERE_SECONDS
        ends = [start]
        self.hatchling.signal(wire.ASK_WHERE)
        try:
            kind, _ = self._next_frame(ends, patience, wire.LONGEST_WHEREABOUTS)
        except Ended:
            return b""
        # All that was said since, so that a second frame spoils the first one.
        return bytes(self.received[start + wire.HEADER.size :]) if kind == wire.WHEREABOUTS else b""

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        self.poll.register(self.channel, select.POLLOUT)
        while view:
            try:
                view = view[self.channel.send(view) :]
            except BlockingIOError:
                if not self.poll.poll(_milliseconds(deadline)):
                    raise Ended("time") from None
            except OSError as error:
                raise Ended("died") from error

    def _next_frame(self, ends: list[int], deadline: float, longest: int) -> tuple[int, int]:
        """Kind and number of the next frame, when all of it is there; kind 0 for one that no honest worker sends."""
        start = ends[-1] if ends else 0
        self._receive_until(start + wire.HEADER.size, deadline)
        magic, kind, number, length = wire.HEADER.unpack_from(self.received, start)
        if magic != wire.MAGIC or length > longest:
            return 0, 0
        stop = start + wire.HEADER.size + length
        self._receive_until(stop, deadline)
        ends.append(stop)
        return kind, number

    def _receive_until(self, size: int, deadline: float) -> None:
        self.poll.register(self.channel, select.POLLIN)
        while len(self.received) < size:
            if not self.poll.poll(_milliseconds(deadline)):
                raise Ended("time")
            try:
                chunk = self.channel.recv(1 << 16)
            except BlockingIOError:
                continue
            except OSError as error:
                raise Ended("died") from error
            if not chunk:
                raise Ended("died")
            self.received += chunk
            if len(self.received) < size and time.monotonic() > deadline:  # whoever drips is late, too
                raise Ended("time")

    def end(self) -> bool:
        """Kill it with all that it started. False when it may not have been its own fault; see Nest.end."""
        self.channel.close()
        return self.nest.end(self.hatchling)

    def _close_journal(self) -> None:
        if self.journal is not None:
            os.close(self.journal)

    # ---- when it is dead -----------------------------------------------------------------------------------

    def _frames(self, ends: Sequence[int]) -> list[tuple[int, int, bytes]]:
        frames = []
        start = 0
        for stop in ends:
            _, kind, number, _ = wire.HEADER.unpack_from(self.received, start)
            frames.append((kind, number, bytes(self.received[start + wire.HEADER.size : stop])))
            start = stop
        return frames

    def _read(self, request: wire.Request, deck: DeckAtHand, heard: Heard, ends: Sequence[int]) -> None:
        """Read the frames strictly in the order in which an honest worker sends them, and the journal between."""
        framed: list[int] = []
        for kind, number, body in self._frames(ends):
            if kind == wire.SEALED and heard.missing is None:
                heard.missing = wire.decode_sealed(body)
            elif kind == wire.FINDINGS and heard.missing is not None and not heard.written and heard.unreadable is None:
                heard.written, heard.notes, heard.unreadable = wire.decode_findings(body, request.functions)
            elif kind == wire.LOADED and heard.written and heard.loaded is None:
                heard.loaded = wire.decode_loaded(body, request.functions)
                heard.expected = _expected(request, deck.cases, heard)
                framed = self._read_journal(deck, heard)
            elif kind == wire.ANSWER and framed and number == framed[0]:
                heard.answers[framed.pop(0)] = wire.decode_answer(body, deck.cases[number])
            elif kind == wire.DONE and heard.loaded is not None and not heard.unanswered:
                return
            else:
                raise ProtocolFault(f"frame of kind {kind} and number {number} out of turn")

    def _read_journal(self, deck: DeckAtHand, heard: Heard) -> list[int]:
        """Take the answers that stand in the journal, and return the numbers of those that come as frames, in order."""
        if self.journal is None or wire.JOURNAL in (heard.missing or {}):
            return list(heard.expected)
        framed = []
        for number, answer in read_journal(deck.layout, read_all(self.journal), heard.expected, deck.argument_bytes):
            if answer is None:
                framed.append(number)
            else:
                heard.answers[number] = answer
        return framed


class _Clocks:
    """How long the worker may go on: a limit for each case, for each function, and for the submission."""

    def __init__(self, numbers: Sequence[int], cases: Sequence[Case], limits: Limits, deadline: float) -> None:
        self.numbers = numbers
        self.cases = cases
        self.limits = limits
        self.deadline = deadline
        self.place = -1
        self.function = ""
        self._begin(0)

    def next_look(self) -> float:
        return min(self.clock, time.monotonic() + GLANCE_SECONDS)

    def see(self, answered: set[int]) -> bool:
        """Take note of how far it has come. False when its time is up."""
        place = max((at for at, number in enumerate(self.numbers) if number in answered), default=-1) + 1
        if place > self.place:
            self._begin(place)
        return time.monotonic() < self.clock

    def _begin(self, place: int) -> None:
        # The function of the next case may be a stub that is passed over; its limit then binds the one after.
        self.place = place
        now = time.monotonic()
        if place >= len(self.cases):
            self.clock = min(self.deadline, now + self.limits.call)
            return
        case = self.cases[place]
        if case.function != self.function:
            self.function = case.function
            self.function_deadline = min(self.deadline, now + self.limits.function)
        self.clock = min(self.function_deadline, now + self.limits.call * case.time_share)


def _expected(request: wire.Request, cases: Sequence[Case], heard: Heard) -> list[int]:
    """The numbers of the cases that can be put to what has been defined, in order."""
    assert heard.loaded is not None
    callable_now = {name for name in heard.loaded.defined if heard.written[name].state == "written"}
    callable_now |= set(request.given)
    return [number for number in request.cases if callable_now.issuperset(needs_of(cases[number]))]


def _is_incomplete(heard: Heard) -> bool:
    return heard.unreadable is None and (heard.loaded is None or bool(heard.unanswered))


def _milliseconds(deadline: float) -> int:
    return max(0, int(1000 * (deadline - time.monotonic())) + 1)
