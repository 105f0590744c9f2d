"""A worker that plays any part: whatever it says, writes or leaves out, the grader hears it out and goes on in time."""

from __future__ import annotations

import contextlib
import mmap
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from damage import damaged
from hypothesis import given, seed
from hypothesis import strategies as st
from runs import line_run, with_training
from test_fuzz import unhurried

from autograder.answer import answer
from autograder.exams import SEED, Exam
from autograder.records import CaseAnswer, Deck, Limits, Written
from autograder.sandbox import peer as peers
from autograder.sandbox import wire
from autograder.sandbox.client import at_hand
from autograder.sandbox.journal import JournalWriter
from autograder.sandbox.memory import make_writable
from autograder.sandbox.peer import DeckAtHand, Heard, Peer
from conftest import SOLUTIONS, exam_of_functions, functions_of

EXAMPLES, CHUNKS, CHUNK = 100, 10, 1000
"""In an ordinary run; and with --proof, so many runs of so many."""

HURRIED = Limits(load=0.06, call=0.04, function=0.1)
SUBMISSION_SECONDS, WHERE_SECONDS = 0.2, 0.04

PATIENCE = 20.0
"""Seconds that a busy machine may take for what is over at once on an idle one."""

FUNCTIONS = ("add_backward", "multiply_backward", "matmul_backward", "softmax_cross_entropy_backward")
FORWARDS = ("add", "multiply", "matmul", "softmax_cross_entropy")


@dataclass(frozen=True)
class Play:
    """A small deck, a request for all of it, and what the solution answers."""

    hand: DeckAtHand
    deck: Deck
    request: wire.Request
    answers: tuple[CaseAnswer, ...]


@pytest.fixture(scope="module")
def play() -> Play:
    exam = with_training(exam_of_functions(SEED))
    return make_play(exam)


def make_play(exam: Exam) -> Play:
    ordinary = exam_of_functions(SEED).deck.cases
    kept = next(case for case in ordinary if case.kept_after is not None and case.function == "multiply_backward")
    of_each = [[case for case in ordinary if case.function == name][:2] for name in FUNCTIONS]
    deck = Deck(0, 0, (*(case for cases in of_each for case in cases), kept, line_run(2)))
    answers = answer(functions_of(SOLUTIONS / "solution.py"), deck, exam.assignment).cases
    request = wire.Request("script", b"", FUNCTIONS, FORWARDS, tuple(range(len(deck.cases))))
    return Play(at_hand(deck), deck, request, tuple(one for one in answers if one is not None))


# ---- the other end -----------------------------------------------------------------------------------------


@dataclass
class Actor:
    """What stands where a worker would: an end of a channel, a journal, and what it says when it is asked where it is.

    It also stands where its handle would, for the signal.
    """

    play: Play
    channel: socket.socket
    memory: mmap.mmap | None
    whereabouts: bytes
    is_asked: threading.Event = field(default_factory=threading.Event)
    is_over: threading.Event = field(default_factory=threading.Event)

    def signal(self, _: int) -> None:
        self.is_asked.set()

    def act(self, steps: Sequence[Step]) -> None:
        with contextlib.suppress(OSError):  # the grader has hung up
            for step in steps:
                step(self)
            self.is_asked.wait()
            self.channel.sendall(self.whereabouts)
            self.is_over.wait()

    def end(self, _: object) -> bool:
        """As a nest that has killed the worker: it says no more."""
        return True


Step = Callable[[Actor], object]


@dataclass(frozen=True)
class Say:
    data: bytes

    def __call__(self, actor: Actor) -> None:
        actor.channel.sendall(self.data)


@dataclass(frozen=True)
class Frame:
    kind: int
    number: int
    body: bytes

    def __call__(self, actor: Actor) -> None:
        actor.channel.sendall(wire.frame(self.kind, self.number, self.body))


@dataclass(frozen=True)
class Answer:
    """The honest answer to a case: in the journal, or as a frame."""

    number: int
    is_framed: bool

    def __call__(self, actor: Actor) -> None:
        play = actor.play
        if actor.memory is not None:
            writer = JournalWriter(play.hand.layout, memoryview(actor.memory))
            written = not self.is_framed and writer.write(
                self.number, play.answers[self.number], play.hand.argument_bytes[self.number]
            )
            if written:
                return
            writer.say_framed(self.number)
        Frame(wire.ANSWER, self.number, wire.encode_answer(play.answers[self.number]))(actor)


@dataclass(frozen=True)
class Scribble:
    place: int
    data: bytes

    def __call__(self, actor: Actor) -> None:
        if actor.memory is not None:
            place = self.place % len(actor.memory)
            part = self.data[: len(actor.memory) - place]
            actor.memory[place : place + len(part)] = part


@dataclass(frozen=True)
class Wait:
    seconds: float

    def __call__(self, actor: Actor) -> None:
        actor.is_over.wait(self.seconds)


@dataclass(frozen=True)
class Close:
    def __call__(self, actor: Actor) -> None:
        actor.channel.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class Listen:
    def __call__(self, actor: Actor) -> None:
        actor.channel.recv(1 << 16)


def honest_part(play: Play) -> list[Step]:
    """What an honest worker does, every third answer as a frame."""
    written = {name: Written("written", {"where": "", "line": 1, "code": "x"}) for name in FUNCTIONS}
    return [
        Listen(),
        Frame(wire.SEALED, 0, wire.encode_sealed({})),
        Frame(wire.FINDINGS, 0, wire.encode_findings(written, [], None)),
        Frame(wire.LOADED, 0, wire.encode_loaded(wire.Loaded(frozenset(FUNCTIONS), ()))),
        *(Answer(number, is_framed=number % 3 == 0) for number in range(len(play.deck.cases))),
        Frame(wire.DONE, 0, b""),
    ]


def ask(
    play: Play, steps: Sequence[Step], whereabouts: bytes = b"", has_journal: bool = True, limits: Limits = HURRIED
) -> tuple[Heard, Peer]:
    """What the grader hears of a worker that acts in these steps. Then both ends are closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    journal = make_writable(play.hand.layout.size) if has_journal else None
    memory = None if journal is None else mmap.mmap(journal, play.hand.layout.size)
    actor = Actor(play, theirs, memory, whereabouts)
    thread = threading.Thread(target=actor.act, args=(steps,))
    peer = Peer(actor, actor, ours, journal)  # type: ignore[arg-type]
    thread.start()
    began = time.monotonic()
    try:
        heard = peer.ask(play.request, play.hand, limits, began + SUBMISSION_SECONDS)
        took = time.monotonic() - began
    finally:
        actor.is_asked.set()
        actor.is_over.set()
        thread.join()
        theirs.close()
    assert took < SUBMISSION_SECONDS + WHERE_SECONDS + PATIENCE
    return heard, peer


@pytest.fixture(scope="module", autouse=True)
def little_patience() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peers, "WHERE_SECONDS", WHERE_SECONDS)
        yield


# ---- any part ----------------------------------------------------------------------------------------------

COUNTS = st.integers(0, 2**32 - 1)
KINDS = st.integers(0, 11)
SMALL = st.binary(max_size=60)


def intrusions(play: Play) -> st.SearchStrategy[Step]:
    """Single steps that no honest worker takes, or not there."""
    numbers = st.integers(0, len(play.deck.cases)) | COUNTS
    bodies = [step.body for step in honest_part(play) if isinstance(step, Frame)]
    bodies += [wire.encode_answer(one) for one in play.answers]
    hurt = st.builds(damaged, st.sampled_from(bodies), st.just(bodies), st.randoms(use_true_random=False))
    body = st.sampled_from(bodies) | hurt | SMALL
    magics = st.sampled_from([wire.MAGIC, wire.MAGIC, b"bpg2"])
    header = st.builds(wire.HEADER.pack, magics, KINDS, numbers, st.sampled_from([0, 1, 50, 2**24, 2**32 - 1]))
    status = st.lists(st.integers(0, 3), min_size=1, max_size=40).map(bytes)
    return st.one_of(
        st.builds(Frame, KINDS, numbers, body),
        st.builds(Say, st.builds(bytes.__add__, header, SMALL)),
        st.builds(Say, SMALL),
        st.builds(Say, st.builds(bytes.__mul__, SMALL, st.integers(1, 2000))),
        st.builds(Scribble, st.integers(0, 60), status),
        st.builds(Scribble, st.integers(0, play.hand.layout.size), SMALL),
        st.builds(Answer, st.integers(0, len(play.deck.cases) - 1), st.booleans()),
        st.builds(Wait, st.sampled_from([0.01, 0.05, 0.15])),
        st.builds(Close),
    )


@st.composite
def parts(draw: st.DrawFn, play: Play) -> list[Step]:
    """An honest part in which steps are left out, doubled, exchanged, cut off, or put in."""
    steps = honest_part(play)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(steps)))
        match draw(st.sampled_from(["leave out", "double", "exchange", "cut", "put in", "put in", "damage"])):
            case "leave out":
                del steps[at : at + 1]
            case "double":
                steps[at:at] = steps[at : at + 1]
            case "exchange":
                steps[at : at + 2] = reversed(steps[at : at + 2])
            case "cut":
                del steps[at:]
            case "put in":
                steps.insert(at, draw(intrusions(play)))
            case "damage":
                steps[at : at + 1] = [damaged_step(draw, step) for step in steps[at : at + 1]]
    return steps


def damaged_step(draw: st.DrawFn, step: Step) -> Step:
    if not isinstance(step, Frame):
        return step
    return replace(step, body=damaged(step.body, [step.body], draw(st.randoms(use_true_random=False))))


def whereabouts() -> st.SearchStrategy[bytes]:
    place = wire.encode_whereabouts({"where": "", "line": 3, "code": "while True: pass"})
    honest = wire.frame(wire.WHEREABOUTS, 0, place)
    said = st.sampled_from([b"", honest, honest, honest * 2, honest[:-1], wire.frame(wire.ANSWER, 0, place)])
    return said | SMALL | SMALL.map(lambda body: wire.frame(wire.WHEREABOUTS, 0, body))


def check_heard(play: Play, heard: Heard, peer: Peer) -> None:
    expected = set(heard.expected)
    functions = set(heard.written)
    assert heard.failure in ("", "time", "died", "disturbed")
    assert not heard.is_ours
    assert set(heard.answers) <= expected <= set(play.request.cases)
    assert functions in (set(), set(FUNCTIONS))
    assert not expected or heard.loaded is not None
    assert heard.loaded is None or heard.loaded.defined <= functions
    assert heard.failure or heard.unreadable is not None or set(heard.answers) == expected
    assert set(heard.at) in (set(), set(wire.PLACE))
    assert peer.channel.fileno() == -1
    assert len(peer.received) <= wire.longest_conversation(play.hand.longest_answers) + (1 << 16)


def check_parts(play: Play, examples: int, seeded: int | None = None) -> None:
    @unhurried(examples)
    @given(parts(play), whereabouts(), st.booleans())
    def run(steps: list[Step], said: bytes, has_journal: bool) -> None:
        check_heard(play, *ask(play, steps, said, has_journal))

    (run if seeded is None else seed(seeded)(run))()


def test_whatever_a_worker_does_it_is_heard_in_time(play: Play) -> None:
    """Half a frame, silence, garbage, scribbles, another's answer: no exception, no answer that nobody asked for."""
    check_parts(play, EXAMPLES)


@pytest.mark.proof
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_whatever_ten_thousand_workers_do_they_are_heard_in_time(play: Play, chunk: int) -> None:
    """The same, for as long as it takes to meet what is rare."""
    check_parts(play, CHUNK, chunk)


# ---- single parts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_journal", [True, False], ids=["journal", "frames"])
def test_an_honest_worker_is_believed(play: Play, has_journal: bool) -> None:
    """What is spoilt below is fine when nobody spoils it."""
    unhurried_limits = Limits(load=PATIENCE, call=PATIENCE, function=PATIENCE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{__name__}.SUBMISSION_SECONDS", PATIENCE)
        heard, _ = ask(play, honest_part(play), has_journal=has_journal, limits=unhurried_limits)

    assert (heard.failure, heard.unanswered) == ("", [])
    assert heard.expected == list(play.request.cases)


@pytest.mark.parametrize("before", [1, 4], ids=["while-loading", "while-answering"])
@pytest.mark.parametrize("kind", [wire.SEALED, wire.ANSWER, wire.WHEREABOUTS], ids=["sealed", "answer", "whereabouts"])
def test_a_worker_that_says_more_than_it_has_to_say_is_not_heard_to_the_end(play: Play, before: int, kind: int) -> None:
    """A few frames more than there are cases are all that is waited for: each costs the grader time, and a worker that
    is never silent for a moment would have it until all bytes are used up."""
    heard, peer = ask(play, [*honest_part(play)[:before], Say(wire.frame(kind, 0, b"") * 100_000)])

    assert heard.failure == "disturbed"
    assert len(peer.received) < 1 << 18
