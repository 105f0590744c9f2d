"""The parent: `with Sandbox(assignment) as sandbox: sandbox.answer(submission, deck)`.

Each submission meets a process that nobody has used, and that is thrown away afterwards. Answers are read only when the
worker and all that it started are dead. Whatever a worker does costs the function that was being called, never the
grader and never another function.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType

from autograder.answer import needs_of, written_run
from autograder.copies import can_be_given
from autograder.errors import SandboxError
from autograder.records import Answers, Assignment, CaseAnswer, Deck, Note, Operation, Submission, Written
from autograder.sandbox import wire
from autograder.sandbox.isolation import Isolation, conclude, probing_ground
from autograder.sandbox.journal import Layout, make_layout, shapes_of
from autograder.sandbox.layers import LAYERS
from autograder.sandbox.lessons import argument_bytes_of
from autograder.sandbox.memory import make_sealed, make_writable
from autograder.sandbox.nest import Brief, Nest, UnfitFile
from autograder.sandbox.peer import DeckAtHand, Heard, Peer

MOST_TRIES = 3
"""Workers for one request, when it is the zygote that dies."""

PROBE_SECONDS = 20.0

IS_OVER = ("time", "died", "disturbed")
"""How a call ends after which its function is not called again, in this process or in another."""


class Sandbox:
    """Answers decks with students' code, one throw-away worker after another."""

    def __init__(self, assignment: Assignment, nest: Nest | None = None) -> None:
        """`nest` may have been opened earlier; the sandbox closes it.

        `so_far` may be set: it is given the answers that are there whenever more than one worker is needed.
        """
        self.assignment = assignment
        self.required: tuple[str, ...] = ()
        self.so_far: Callable[[Answers], object] | None = None
        self._nest = Nest() if nest is None else nest
        self._setting = Brief(self, make_sealed(wire.encode_setting(_setting(assignment))))
        weakref.finalize(self, os.close, self._setting.descriptor)

    def __enter__(self) -> Sandbox:
        self._nest.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._nest.close()

    def abandon(self) -> None:
        """From another thread: stop whatever is going on here, at once."""
        self._nest.abandon()

    def probe(self) -> Isolation:
        """What a worker can still do on this machine, tried. From now on, every worker has to have the layers that
        took hold here. Raises SandboxError when no worker can be started."""
        with probing_ground(self.assignment.limits.memory) as target:
            peer = self._hatch(NO_DECK)
            missing, results, was_killed = peer.probe(target, time.monotonic() + PROBE_SECONDS)
        self.required = tuple(name for name in LAYERS if name not in missing)
        return conclude(missing, results, was_killed)

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
        self._check_that_all_can_be(given)
        return _Conversation(self, submission, deck, wanted, given).answers()

    def _check_that_all_can_be(self, given: Sequence[str]) -> None:
        operations = _operations(self.assignment)
        unfit = [name for name in given if name not in operations or not can_be_given(operations[name][1])]
        if unfit:
            raise ValueError(f"There is no right function without a formula for {' and '.join(unfit)}.")

    def ask(self, request: wire.Request, deck: Deck, deadline: float) -> tuple[Heard, float]:
        """What a fresh worker says to a request, and the seconds that it took to get one, which are no student's.

        Raises SandboxError when none can be had, or none that is sealed as the probe was.
        """
        waited = 0.0
        for _ in range(MOST_TRIES):
            began = time.monotonic()
            peer = self._hatch(deck)
            waited += time.monotonic() - began
            heard = peer.ask(request, at_hand(deck), self.assignment.limits, deadline + waited)
            if not heard.is_ours:
                lost = [
                    f"{name} ({(heard.missing or {})[name]})" for name in self.required if name in (heard.missing or {})
                ]
                if lost:
                    raise SandboxError(f"A worker could not be sealed as the first one was: {', '.join(lost)}.")
                return heard, waited
            deadline += time.monotonic() - began  # what has to be done again counts once
        raise SandboxError(f"The process that starts workers ended while one was at work, in {MOST_TRIES} tries.")

    def _hatch(self, deck: Deck) -> Peer:
        hand = at_hand(deck)
        try:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        except OSError as error:  # no more descriptors, say
            raise SandboxError(f"No worker could be started: {error}.") from error
        journal = _make_journal(hand.layout.size)
        try:
            hatchling = self._nest.hatch(self._setting, Brief(hand, hand.descriptor), theirs.fileno(), journal)
        except UnfitFile as unfit:
            ours.close()
            _close(journal)
            file, what = unfit.args
            raise SandboxError(f"{file} of {self.assignment.name} cannot run in a worker: {what}.") from unfit
        except BaseException:
            ours.close()
            _close(journal)
            raise
        finally:
            theirs.close()
        return Peer(self._nest, hatchling, ours, journal)


def _make_journal(size: int) -> int | None:
    if not size:  # nothing is asked
        return None
    try:
        return make_writable(size)
    except OSError:  # no memory file, no room: then all answers come as frames
        return None


def _close(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)


# ---- decks -------------------------------------------------------------------------------------------------

NO_DECK = Deck(0, 0, ())

_AT_HAND: weakref.WeakKeyDictionary[Deck, DeckAtHand] = weakref.WeakKeyDictionary()
_AT_HAND_LOCK = threading.Lock()


@dataclass(frozen=True)
class EncodedDeck:
    """A deck as zygotes read it, and what the grader needs beside it; see DeckAtHand."""

    data: bytes
    layout: Layout
    argument_bytes: tuple[tuple[bytes, ...], ...]
    longest_answers: tuple[int, ...]


def encode(deck: Deck) -> EncodedDeck:
    """Depends on nothing but the deck."""
    return EncodedDeck(
        data=wire.encode_deck(deck.cases),
        layout=make_layout([(shapes_of(case), case.kept_after is not None) for case in deck.cases]),
        argument_bytes=tuple(map(argument_bytes_of, deck.cases)),
        longest_answers=tuple(map(wire.longest_answer, deck.cases)),
    )


def at_hand(deck: Deck, encoded: EncodedDeck | None = None) -> DeckAtHand:
    """The deck in a memory file, once for all workers of this process; encoded here, unless it was elsewhere."""
    with _AT_HAND_LOCK:
        if deck not in _AT_HAND:
            encoded = encode(deck) if encoded is None else encoded
            descriptor = make_sealed(encoded.data)
            _AT_HAND[deck] = DeckAtHand(
                deck.cases, encoded.layout, encoded.argument_bytes, encoded.longest_answers, descriptor
            )
            weakref.finalize(deck, os.close, descriptor)
        return _AT_HAND[deck]


def _setting(assignment: Assignment) -> wire.Setting:
    signatures = tuple(_signature(*named) for named in _operations(assignment).values())
    return wire.Setting(assignment.modules, assignment.limits, signatures, tuple(assignment.models))


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


# ---- one submission ------------------------------------------------------------------------------------------


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
        given: Sequence[str],
    ) -> None:
        self.sandbox = sandbox
        self.submission = submission
        self.deck = deck
        self.functions = list(functions)
        self.given = tuple(given)
        self.needs = {case.function: needs_of(case) for case in deck.cases if case.run is not None}
        self.forwards = {one.function: forward for forward, one in sandbox.assignment.operations.items()}
        self.forwards |= {question.function: question.forward for question in sandbox.assignment.questions}
        self.limits = sandbox.assignment.limits
        self.deadline = time.monotonic() + self.limits.submission
        self.written: dict[str, Written] = {}
        self.notes: list[Note] = []
        self.answered: dict[int, CaseAnswer] = {}
        self.alone: set[str] = set()

    def answers(self) -> Answers:
        pending = [self.functions]
        while pending and time.monotonic() < self.deadline:  # what is left when the time is up is not called
            functions = [name for name in pending.pop(0) if not self._missing(name)]
            if not functions:
                continue
            heard = self._ask(functions)
            if not heard.written and heard.unreadable is None:
                heard = self._ask(
                    functions
                )  # what crashes Python's parser does so again; what the machine did, does not
            self.written = {**heard.written, **self.written}
            if heard.unreadable is not None or not self.written:
                reason = heard.unreadable or Note("reading-stopped", {"why": heard.failure})
                return Answers({}, (), (None,) * len(self.deck.cases), unreadable=reason)
            started = [name for name in functions if self._is_there(name)]
            if len(started) > 1 and (heard.loaded is None or heard.failure == "disturbed"):
                # One of them ended the process while it was defined, or wrote into the channel and may have spoken for
                # the others. Nobody is believed; each is asked alone, with what it needs.
                pending += [[name] for name in started]
                continue
            undefined = [name for name in started if not self._is_defined(name, heard)]
            if len(started) > 1 and undefined:
                # One of them may have taken the others out, or said so in their place. Nobody is believed here, either.
                pending += [[name] for name in undefined]
                undefined = []
            self._remember(heard, undefined)
            if len(functions) == 1:
                self.alone.update(functions)
            if heard.loaded is None:
                for name in started:
                    self.written[name] = Written("load-stopped", {**heard.at, "why": heard.failure})
            elif heard.failure:
                pending += self._after_failed_call(heard, is_alone=len(started) == 1)
            if pending and self.sandbox.so_far is not None:
                self.sandbox.so_far(self._so_far(pending))
        cases = tuple(self.answered.get(number) for number in range(len(self.deck.cases)))
        return self._with(cases)

    def _so_far(self, pending: Sequence[Sequence[str]]) -> Answers:
        """The answers that are there; who is still to be asked has not been called."""
        waiting = {name for names in pending for name in names if self._is_there(name)}
        later = CaseAnswer(stopped="not-called")
        return self._with(
            tuple(
                self.answered.get(number, later if case.function in waiting else None)
                for number, case in enumerate(self.deck.cases)
            )
        )

    def _with(self, cases: tuple[CaseAnswer | None, ...]) -> Answers:
        runs = {name: written_run(self._missing(name)) for name in self.functions if name in self.needs}
        return Answers({**runs, **self.written}, tuple(self.notes), cases, frozenset(self.alone))

    def _is_there(self, name: str) -> bool:
        """Whether the source has the function, or all that a training run needs."""
        known = [self.written.get(one) for one in self._student_functions([name])]
        return all(what is not None and what.state == "written" for what in known)

    def _is_defined(self, name: str, heard: Heard) -> bool:
        """Whether the function could be called, or all that a training run needs."""
        return heard.loaded is None or heard.loaded.defined.issuperset(self._student_functions([name]))

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
        return [name for name in dict.fromkeys(needed) if name not in self.given]

    def _ask(self, functions: Sequence[str]) -> Heard:
        cases = [(number, case) for number, case in enumerate(self.deck.cases) if case.function in functions]
        cases = [(number, case) for number, case in cases if number not in self.answered]
        cases.sort(key=lambda numbered: numbered[1].run is not None)
        names = self._student_functions(functions)
        request = wire.Request(
            kind=self.submission.kind,
            source=self.submission.source,
            functions=tuple(names),
            forwards=tuple(self.forwards[name] for name in names),
            cases=tuple(number for number, _ in cases),
            given=self.given,
            required=self.sandbox.required,
        )
        heard, waited = self.sandbox.ask(request, self.deck, self.deadline)
        self.deadline += waited  # to start a process on a busy machine is our time
        return heard

    def _remember(self, heard: Heard, undefined: Sequence[str]) -> None:
        loaded_notes = heard.loaded.notes if heard.loaded is not None else ()
        self.notes += [note for note in (*heard.notes, *loaded_notes) if note not in self.notes]
        self.answered.update(heard.answers)
        for name in self._student_functions(undefined):
            if name not in self.alone and not self._is_defined(name, heard):
                self.written[name] = Written("undefined", heard.written[name].facts)

    def _after_failed_call(self, heard: Heard, is_alone: bool) -> list[list[str]]:
        """Whoever was alone in a process that ended is not called again. If several were, then each one that has not
        answered everything is asked alone: who ended it is written where all of them may write."""
        unanswered = list(dict.fromkeys(self.deck.cases[number].function for number in heard.unanswered))
        if not is_alone:
            for number in heard.expected:
                if self.deck.cases[number].function in unanswered:
                    self.answered.pop(number, None)
            return [[name] for name in unanswered]
        stopped = CaseAnswer(stopped=heard.failure, at=heard.at)
        for number in heard.unanswered:
            self.answered[number] = stopped
            stopped = CaseAnswer(stopped="not-called")
        return []
