"""The parent: `with Sandbox(assignment) as sandbox: sandbox.answer(submission, deck)`.

Each submission meets a fresh interpreter, started ahead of time and thrown away afterwards. Answers are decoded
only when the worker and all that it started are dead. Whatever a worker does costs the function that was being
called, never the grader and never another function.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType

from autograder.answer import needs_of, written_run
from autograder.derivative import can_be_given
from autograder.errors import ProtocolFault, SandboxError
from autograder.records import (
    Answers,
    Assignment,
    Case,
    CaseAnswer,
    Deck,
    Facts,
    Limits,
    Note,
    Operation,
    Submission,
    Written,
)
from autograder.sandbox import wire
from autograder.sandbox.nest import Nest

START_SECONDS = 60.0
"""For an interpreter to start and load numpy. Longer, and it is the machine's fault, not the student's."""

MOST_START_FAILURES = 3

CALLS_OF_A_RUN = 2
"""A whole training run has the time of so many calls: right ones in plain loops need a part of that."""

IS_OVER = ("time", "died", "disturbed")
"""How a call ends after which its function is not called again, in this process or in another."""

WHERE_SECONDS = 0.5
"""For a worker that is out of time to say where it is. It may be unable to, or not want to."""


@dataclass
class _Run:
    """What one worker said about one request before it ended. `failure` says why it ended early, if it did, and `at`
    where it was when its time was up."""

    written: Mapping[str, Written] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    unreadable: Note | None = None
    loaded: wire.Loaded | None = None
    answers: dict[int, CaseAnswer] = field(default_factory=dict)
    failure: str = ""
    at: Facts = field(default_factory=dict)
    fault: tuple[str, str] | None = None
    expected: list[int] = field(default_factory=list)

    @property
    def unanswered(self) -> list[int]:
        return [number for number in self.expected if number not in self.answers]


class _Ended(Exception):
    """A worker says no more: "time", it was silent for too long; "died", it is gone."""


class Sandbox:
    """Answers decks with students' code, one throw-away worker after another."""

    def __init__(self, assignment: Assignment, nest: Nest | None = None) -> None:
        """`nest` may have been opened earlier; the sandbox closes it."""
        self.assignment = assignment
        self._nest = Nest() if nest is None else nest
        self._taken = 0

    def __enter__(self) -> Sandbox:
        self._nest.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._nest.close()

    def answer(
        self, submission: Submission, deck: Deck, only: Iterable[str] | None = None, given: Iterable[str] = ()
    ) -> Answers:
        """The submission's answers to the deck's cases, or to those of the functions and training runs in `only`.

        The functions in `given` are not asked: wherever the student's code calls one by its name, a right one answers.
        Raises SandboxError when no worker can be started, and ValueError for a function that cannot be given; nothing
        that a student's code does raises.
        """
        functions = [question.function for question in self.assignment.questions if question.function]
        asked: dict[str, tuple[str, ...]] = {name: (name,) for name in functions}
        asked |= {case.function: needs_of(case) for case in deck.cases if case.run is not None}
        chosen, given = set(asked if only is None else only), tuple(given)
        wanted = [name for name, needs in asked.items() if name in chosen and not set(needs) <= set(given)]
        return _Conversation(self, submission, deck, wanted, self._signatures(given)).answers()

    def _signatures(self, given: Sequence[str]) -> list[wire.Signature]:
        """How the functions to be given are called."""
        operations = _operations(self.assignment)
        unfit = [name for name in given if name not in operations or not can_be_given(operations[name][1])]
        if unfit:
            raise ValueError(f"There is no right function without a formula for {' and '.join(unfit)}.")
        return [_signature(*operations[name]) for name in given]

    def _take_worker(self) -> _Worker:
        """A worker that has said READY. From the second on, the next one starts while this one works: whoever grades
        a single file is not made to wait for a process that nobody will need."""
        for _ in range(MOST_START_FAILURES):
            worker = _Worker(self._nest)
            if worker.is_ready():
                self._taken += 1
                if self._taken > 1:
                    with contextlib.suppress(SandboxError):  # not needed yet; the next submission asks for it again
                        self._nest.start_spare()
                return worker
            worker.end()
        raise SandboxError(
            f"No worker could be started, in {MOST_START_FAILURES} tries. `{sys.executable} -c 'import numpy'` "
            "should work in a terminal; if it does, the machine may be out of memory or processes."
        )


def _operations(assignment: Assignment) -> dict[str, tuple[str, Operation]]:
    """For each function that is asked for in an assignment, or needed by its models, its forward and its operation."""
    forwards = assignment.forwards
    asked = {
        question.function: (
            question.forward,
            Operation(
                forward=forwards[question.forward],
                operands=tuple(operand.name for operand in question.operands),
                function=question.function,
                receives=question.receives,
                gradients=question.gradients,
            ),
        )
        for question in assignment.questions
        if question.forward and not any(operand.is_list for operand in question.operands)
    }
    return {**asked, **{one.function: (forward, one) for forward, one in assignment.operations.items()}}


def _signature(forward: str, operation: Operation) -> wire.Signature:
    return wire.Signature(forward, operation.operands, operation.function, operation.receives, operation.gradients)


class _Conversation:
    """One submission's way through as many workers as it needs.

    A training run is one more function here, by the name that its cases have. It is called after all others.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        submission: Submission,
        deck: Deck,
        functions: Sequence[str],
        given: Sequence[wire.Signature],
    ) -> None:
        self.sandbox = sandbox
        self.submission = submission
        self.deck = deck
        self.functions = list(functions)
        self.given = tuple(given)
        self.needs = {case.function: needs_of(case) for case in deck.cases if case.run is not None}
        self.operations = sandbox.assignment.operations
        self.forwards = {one.function: forward for forward, one in self.operations.items()}
        self.forwards |= {question.function: question.forward for question in sandbox.assignment.questions}
        self.limits = sandbox.assignment.limits
        self.deadline = time.monotonic() + self.limits.submission
        self.written: dict[str, Written] = {}
        self.notes: list[Note] = []
        self.answered: dict[int, CaseAnswer] = {}
        self.first: set[str] = set()

    def answers(self) -> Answers:
        pending = [self.functions]
        while pending and time.monotonic() < self.deadline:  # what is left when the time is up is not called
            functions = [name for name in pending.pop(0) if not self._missing(name)]
            if not functions:
                continue
            run = self._run(functions)
            if run.fault is not None:
                file, what = run.fault
                raise SandboxError(f"{file} of {self.sandbox.assignment.name} cannot run in a worker: {what}.")
            self.written = {**run.written, **self.written}
            if run.unreadable is not None or not self.written:
                reason = run.unreadable or Note("reading-stopped", {"why": run.failure})
                return Answers({}, (), (None,) * len(self.deck.cases), unreadable=reason)
            started = [name for name in functions if self._is_there(name)]
            if len(started) > 1 and (run.loaded is None or run.failure == "disturbed"):
                # One of them ended the process while it was defined, or wrote into the channel and may have spoken for
                # the others. Nobody is believed; each is asked alone, with what it needs.
                pending += [[name] for name in started]
                continue
            self._remember(run)
            if run.loaded is None:
                for name in started:
                    self.written[name] = Written("load-stopped", {**run.at, "why": run.failure})
            elif run.failure:
                pending += self._after_failed_call(run)
        cases = tuple(self.answered.get(number) for number in range(len(self.deck.cases)))
        runs = {name: written_run(self._missing(name)) for name in self.functions if name in self.needs}
        return Answers({**runs, **self.written}, tuple(self.notes), cases, frozenset(self.first))

    def _is_there(self, name: str) -> bool:
        """Whether the source has the function, or all that a training run needs."""
        known = [self.written.get(one) for one in self._student_functions([name])]
        return all(what is not None and what.state == "written" for what in known)

    def _missing(self, name: str) -> list[str]:
        """The functions that a training run needs, but that are not there, or will not be called again."""
        stopped = {
            self.deck.cases[number].function for number, answer in self.answered.items() if answer.stopped in IS_OVER
        }
        needed = self._student_functions([name]) if name in self.needs else []
        return [one for one in needed if one in stopped or (one in self.written and not self._is_there(one))]

    def _student_functions(self, names: Sequence[str]) -> list[str]:
        """The functions that a worker has to define for functions and training runs of these names."""
        needed = [one for name in names for one in self.needs.get(name, (name,))]
        given = {signature.function for signature in self.given}
        return [name for name in dict.fromkeys(needed) if name not in given]

    def _run(self, functions: Sequence[str]) -> _Run:
        cases = [(number, case) for number, case in enumerate(self.deck.cases) if case.function in functions]
        cases = [(number, case) for number, case in cases if number not in self.answered]
        cases.sort(key=lambda numbered: numbered[1].run is not None)
        names = self._student_functions(functions)
        has_runs = any(case.run is not None for _, case in cases)
        request = wire.Request(
            kind=self.submission.kind,
            source=self.submission.source,
            functions=tuple(names),
            forwards=tuple(self.forwards[name] for name in names),
            modules=self.sandbox.assignment.modules,
            limits=self.limits,
            cases=tuple(cases),
            given=self.given,
            operations=tuple(_signature(*named) for named in self.operations.items()) if has_runs else (),
        )
        began = time.monotonic()
        worker = self.sandbox._take_worker()
        self.deadline += time.monotonic() - began  # to start a process on a busy machine is our time
        return worker.run(request, self.limits, self.deadline)

    def _remember(self, run: _Run) -> None:
        loaded_notes = run.loaded.notes if run.loaded is not None else ()
        self.notes += [note for note in (*run.notes, *loaded_notes) if note not in self.notes]
        self.answered.update(run.answers)
        if run.loaded is not None:
            for name in run.written:
                if run.written[name].state == "written" and name not in run.loaded.defined:
                    self.written[name] = Written("undefined", run.written[name].facts)
        if run.expected:
            self.first.add(self.deck.cases[run.expected[0]].function)

    def _after_failed_call(self, run: _Run) -> list[list[str]]:
        """The function that was being called is not called again; the others go on in a fresh process."""
        if not run.unanswered:
            return []
        culprit = self.deck.cases[run.unanswered[0]].function
        rest = [self.deck.cases[number].function for number in run.unanswered]
        others = [name for name in dict.fromkeys(rest) if name != culprit]
        pending = [others] if others else []
        if culprit not in self.first:
            # Others were called before it in that process and may have set a trap: first it is asked alone, anew.
            for number in run.expected:
                if self.deck.cases[number].function == culprit:
                    self.answered.pop(number, None)
            return [[culprit], *pending]
        stopped = CaseAnswer(stopped=run.failure, at=run.at)
        for number in run.unanswered:
            if self.deck.cases[number].function == culprit:
                self.answered[number] = stopped
                stopped = CaseAnswer(stopped="not-called")
        return pending


def _calls(case: Case) -> int:
    """For how many calls' time a case may take."""
    return 1 if case.run is None else CALLS_OF_A_RUN


class _Worker:
    """One process and the two pipes to it."""

    def __init__(self, nest: Nest) -> None:
        self.nest = nest
        self.process = nest.take()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.requests, self.replies = self.process.stdin, self.process.stdout
        os.set_blocking(self.replies.fileno(), False)
        os.set_blocking(self.requests.fileno(), False)
        self.received = bytearray()

    def is_ready(self) -> bool:
        """True when the interpreter is up and has said so."""
        try:
            kind, _number, _length = self._frame_header(0, time.monotonic() + START_SECONDS)
        except _Ended:
            return False
        self.received = self.received[wire.HEADER.size :]
        return kind == wire.READY

    def run(self, request: wire.Request, times: Limits, deadline: float) -> _Run:
        """Put the request to the worker, collect its frames, kill it, and only then read what it said."""
        run = _Run()
        ends: list[int] = []
        last_words = b""
        try:
            failure = self._collect(request, times, deadline, ends)
        except _Ended as ended:
            failure = str(ended)
            if failure == "time":
                last_words = self._ask_where(max(ends, default=0))
        finally:
            self.end()
        try:
            self._decode(request, run, ends)
        except ProtocolFault:
            failure = "disturbed"
        if last_words and failure == "time":
            with contextlib.suppress(ProtocolFault):  # what it says there, or fails to say, changes nothing else
                run.at = wire.decode_whereabouts(last_words)
        run.failure = failure or ("died" if self._is_incomplete(run) else "")
        if run.failure and not run.expected:
            run.loaded = None  # whatever it said: no function was to blame yet
        return run

    # ---- while it lives ------------------------------------------------------------------------------------

    def _collect(self, request: wire.Request, times: Limits, deadline: float, ends: list[int]) -> str:
        """Frames as they come, by their headers only; `ends` receives where each ends. Returns what went wrong."""
        load_deadline = min(deadline, time.monotonic() + times.load)
        self._send(wire.frame(wire.REQUEST, 0, wire.encode_request(request)), load_deadline)
        longest = wire.longest_conversation(request.cases)
        by_number = dict(request.cases)
        start, clock = 0, load_deadline
        current, function_deadline = "", deadline
        remaining = [number for number, _ in request.cases]
        while True:
            kind, number, length = self._frame_header(start, clock)
            stop = start + wire.HEADER.size + length
            if stop > longest:
                return "disturbed"
            self._receive_until(stop, clock)
            ends.append(stop)
            start = stop
            if kind in (wire.DONE, wire.FAULT):
                return ""
            if kind == wire.ANSWER and number in remaining:
                remaining = remaining[remaining.index(number) + 1 :]
            if kind in (wire.LOADED, wire.ANSWER) and remaining:
                # The function of the next case may be a stub that is passed over; its limit then binds the one after.
                case = by_number[remaining[0]]
                if case.function != current:
                    current = case.function
                    function_deadline = min(deadline, time.monotonic() + times.function)
                clock = min(function_deadline, time.monotonic() + times.call * _calls(case))

    def _ask_where(self, start: int) -> bytes:
        """What a worker that is out of time says of where it is; nothing if it says anything else, or is in the middle
        of another frame."""
        if wire.ASK_WHERE is None or len(self.received) > start:
            return b""
        patience = time.monotonic() + WHERE_SECONDS
        try:
            os.kill(self.process.pid, wire.ASK_WHERE)
            kind, _number, length = self._frame_header(start, patience)
            if kind != wire.WHEREABOUTS or length > wire.LONGEST_WHEREABOUTS:
                return b""
            self._receive_until(start + wire.HEADER.size + length, patience)
        except (_Ended, OSError):
            return b""
        return bytes(self.received[start + wire.HEADER.size :])

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        with selectors.DefaultSelector() as selector:
            selector.register(self.requests, selectors.EVENT_WRITE)
            while view:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise _Ended("time")
                try:
                    view = view[os.write(self.requests.fileno(), view[: 1 << 16]) :]
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise _Ended("died") from error

    def _frame_header(self, start: int, deadline: float) -> tuple[int, int, int]:
        self._receive_until(start + wire.HEADER.size, deadline)
        magic, kind, number, length = wire.HEADER.unpack_from(self.received, start)
        return (kind, number, length) if magic == wire.MAGIC else (0, 0, 0xFFFFFFFF)

    def _receive_until(self, size: int, deadline: float) -> None:
        if len(self.received) >= size:
            return
        with selectors.DefaultSelector() as selector:
            selector.register(self.replies, selectors.EVENT_READ)
            while len(self.received) < size:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise _Ended("time")
                try:
                    chunk = os.read(self.replies.fileno(), 1 << 16)
                except BlockingIOError:
                    continue
                if not chunk:
                    raise _Ended("died")
                self.received += chunk

    def end(self) -> None:
        self.nest.end(self.process)

    # ---- when it is dead -----------------------------------------------------------------------------------

    def _decode(self, request: wire.Request, run: _Run, ends: Sequence[int]) -> None:
        """Read the frames strictly in the order in which an honest worker sends them."""
        cases = dict(request.cases)
        start = 0
        for stop in ends:
            _, kind, number, _ = wire.HEADER.unpack_from(self.received, start)
            body = bytes(self.received[start + wire.HEADER.size : stop])
            start = stop
            if kind == wire.FAULT and stop == ends[0]:  # before any student's code was looked at
                run.fault = wire.decode_fault(body)
                return
            if kind == wire.FINDINGS and not run.written and run.unreadable is None:
                run.written, run.notes, run.unreadable = wire.decode_findings(body, request.functions)
            elif kind == wire.LOADED and run.written and run.loaded is None:
                run.loaded = wire.decode_loaded(body, request.functions)
                callable_now = {name for name in run.loaded.defined if run.written[name].state == "written"}
                callable_now |= {signature.function for signature in request.given}
                run.expected = [number for number, case in request.cases if callable_now.issuperset(needs_of(case))]
            elif kind == wire.ANSWER and run.unanswered and number == run.unanswered[0]:
                run.answers[number] = wire.decode_answer(body, cases[number])
            elif kind == wire.DONE and run.loaded is not None and not run.unanswered:
                return
            else:
                raise ProtocolFault(f"frame of kind {kind} and number {number} out of turn")

    def _is_incomplete(self, run: _Run) -> bool:
        return run.fault is None and run.unreadable is None and (run.loaded is None or bool(run.unanswered))
