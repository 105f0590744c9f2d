"""A deck, answered in this very process by the functions of a notebook, each under a clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any

from autograder.answer import answer_case, function_of, needs_of, quiet, written_run
from autograder.learn import Training, training_of
from autograder.notebook.clock import Clock, OutOfTime
from autograder.notebook.live import Functions, Namespace
from autograder.places.lines import stuck_facts
from autograder.records import Answers, Assignment, Case, CaseAnswer, Deck, Written

Progress = Callable[[Case, int], object]
"""Told of each training run that begins, and of each of its steps."""


def answer_in_place(
    namespace: Namespace,
    functions: Functions,
    written: Mapping[str, Written],
    deck: Deck,
    assignment: Assignment,
    progress: Progress,
    only: Collection[str] | None = None,
) -> Answers:
    """The answers to the deck's cases, or to those of the functions and training runs in `only`.

    `functions` are called under the limits of the assignment; one that was stopped is not called again. Whoever presses
    the button that interrupts a notebook is obeyed: raises KeyboardInterrupt.
    """
    asked = [case for case in deck.cases if only is None or case.function in only]
    asked.sort(key=lambda case: case.run is not None)
    answers: dict[Case, CaseAnswer | None] = {}
    with Clock() as clock:
        room = _Room(namespace, functions, clock, assignment, progress)
        for _, cases in groupby(asked, key=lambda case: case.function):
            with quiet():
                answers.update((case, room.answer(case)) for case in cases)
    runs = {case.function: written_run(room.missing(case)) for case in asked if case.run is not None}
    return Answers(
        written={**runs, **written},
        notes=(),
        cases=tuple(answers.get(case) for case in deck.cases),
        alone=frozenset(written),
    )


class _Room:
    """One way through a deck: which functions were stopped, and how much time each has left."""

    def __init__(
        self, namespace: Namespace, functions: Functions, clock: Clock, assignment: Assignment, progress: Progress
    ) -> None:
        self.namespace = namespace
        self.functions = functions
        self.forwards = assignment.forwards
        self.training: Training = training_of(assignment)
        self.limits = assignment.limits
        self.progress = progress
        self.clock = clock
        self.left: dict[str, float] = {}
        self.stopped: set[str] = set()

    def missing(self, case: Case) -> list[str]:
        """The functions of a training run that are not there, or will not be called again."""
        return [name for name in needs_of(case) if name not in self.functions or name in self.stopped]

    def answer(self, case: Case) -> CaseAnswer | None:
        if case.function in self.stopped:
            return CaseAnswer(stopped="not-called")
        if case.run is not None and self.missing(case):
            return None
        function = function_of(case, self.functions, self.training)
        if function is None:
            return None
        if case.run is not None:
            self.progress(case, 0)
            function = partial(function, watch=partial(self.progress, case))
        return self._answer(function, case)

    def _answer(self, function: Callable[..., Any], case: Case) -> CaseAnswer:
        left = self.left.get(case.function, self.limits.function)
        began = time.monotonic()
        answer = CaseAnswer()
        try:
            self.clock.begin(min(left, self.limits.call * case.time_share))
            answer = answer_case(function, case, self.forwards)
        except OutOfTime:  # it came when the call was over, and counts all the same
            pass
        finally:
            self.clock.end()
        self.left[case.function] = left - (time.monotonic() - began)
        if self.clock.frames:
            self.stopped.add(case.function)
            theirs = [frame for frame in self.clock.frames if frame.f_globals is self.namespace]
            answer = CaseAnswer(stopped="time", at=stuck_facts(theirs))
            self.clock.frames = []  # they hold everything that the student's code held
        if any(
            reply.raised is not None and reply.raised["exception"] == "KeyboardInterrupt" for reply in answer.replies
        ):
            raise KeyboardInterrupt
        return answer


def with_places(answers: Answers, named: Callable[[str], str]) -> Answers:
    """The answers with files renamed wherever they are said: a cell has a number that its student has seen."""

    def renamed(found: Mapping[str, Any]) -> dict[str, Any]:
        return {**found, "where": named(found["where"])} if "where" in found else dict(found)

    def case(answer: CaseAnswer | None) -> CaseAnswer | None:
        if answer is None or not (answer.at or any(reply.raised for reply in answer.replies)):
            return answer
        replies = tuple(
            reply if reply.raised is None else replace(reply, raised=renamed(reply.raised)) for reply in answer.replies
        )
        return replace(answer, replies=replies, at=renamed(answer.at))

    written = {name: replace(what, facts=renamed(what.facts)) for name, what in answers.written.items()}
    return replace(answers, written=written, cases=tuple(map(case, answers.cases)))
