"""What sources that we trust answer to a deck: an instructor's solution, wrong examples, mutants of the solution.

Each source runs in a forked copy of this process, which ends at its first endless loop and takes whatever it broke
along. That is no sandbox: student code never comes here.
"""

from __future__ import annotations

import linecache
import os
import signal
import sys
import types
from collections.abc import Iterator, Mapping
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import MappingProxyType
from typing import Any

from autograder.answer import answer_case, function_of, needs_of, quiet, written_run
from autograder.learn import training_of
from autograder.places.exceptions import exception_text
from autograder.records import Answers, Assignment, CaseAnswer, Deck, Written

FILE = "<source>"

CAN_FORK = hasattr(os, "fork")


def rehearse(
    source: str, assignment: Assignment, deck: Deck, instead: Mapping[str, str] = MappingProxyType({})
) -> Answers:
    """The answers of a source text, in which a function that is not there, or cannot be defined, is not "written".

    Functions in `instead` are taken from the sources there, each of which defines all that its function needs.

    A case that takes longer than the assignment's limit for a call has stopped, and its function is not called again.
    Needs a system that can fork.
    """
    receiving, sending = Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        receiving.close()
        _answer_and_leave(source, assignment, deck, instead, sending)
    sending.close()
    try:
        return _collect(receiving, assignment, deck)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        receiving.close()


# ---- the copy ----------------------------------------------------------------------------------------------


def _answer_and_leave(
    source: str, assignment: Assignment, deck: Deck, instead: Mapping[str, str], channel: Connection
) -> None:
    """Sends what became of each function, then one answer a case. Never returns."""
    try:
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - the process ends with it
        os.dup2(sys.stdout.fileno(), 1)
        os.dup2(sys.stdout.fileno(), 2)
        functions, written = _define(source, assignment, instead)
        channel.send(written)
        training = training_of(assignment)
        for case in deck.cases:
            called = function_of(case, functions, training)
            if called is not None:
                with quiet():
                    answer = answer_case(called, case, assignment.forwards)
                channel.send(answer)
    finally:
        os._exit(0)


def _define(
    source: str, assignment: Assignment, instead: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Written]]:
    for name, text in assignment.modules.items():
        sys.modules[name] = types.ModuleType(name)
        exec(compile(text, f"{name}.py", "exec"), sys.modules[name].__dict__)
    namespace: dict[str, Any] = {"__name__": "rehearsed"}
    wanted = [question.function for question in assignment.questions if question.function]
    # Where tracebacks find the text of a line: some mistakes are known by the line that raises.
    linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
    try:
        exec(compile(source, FILE, "exec"), namespace)
    except BaseException as error:  # `sys.exit()`, too
        facts = {"text": f"{type(error).__name__}: {exception_text(error)}"}
        return {}, dict.fromkeys(wanted, Written("undefined", facts))
    for name, other in instead.items():
        own: dict[str, Any] = {"__name__": "rehearsed"}
        exec(compile(other, "<instead>", "exec"), own)
        namespace[name] = own[name]
    functions = {name: namespace[name] for name in wanted if callable(namespace.get(name))}
    return functions, {name: Written("written" if name in functions else "missing") for name in wanted}


# ---- this process ------------------------------------------------------------------------------------------


def _collect(channel: Connection, assignment: Assignment, deck: Deck) -> Answers:
    written = _received(channel, assignment.limits.load)
    if not isinstance(written, dict):
        facts = {"text": "it takes too long, or ends the process"}
        written = {question.function: Written("undefined", facts) for question in assignment.questions}
    runs = {case.function: case for case in deck.cases if case.run is not None}
    for name, case in runs.items():
        written[name] = written_run([one for one in needs_of(case) if written[one].state != "written"])
    cases = tuple(_case_answers(channel, written, assignment, deck))
    return Answers(written, (), cases, frozenset(written))


def _case_answers(
    channel: Connection, written: Mapping[str, Written], assignment: Assignment, deck: Deck
) -> Iterator[CaseAnswer | None]:
    stopped = ""
    for case in deck.cases:
        if any(written[name].state != "written" for name in needs_of(case)):
            yield None
            continue
        answer = None if stopped else _received(channel, assignment.limits.call)
        if answer is None:
            yield CaseAnswer(stopped="not-called" if stopped else "time")
            stopped = "time"
        else:
            yield answer


def _received(channel: Connection, seconds: float) -> Any:
    """The next object, or None where none comes in time, or ever."""
    try:
        return channel.recv() if channel.poll(seconds) else None
    except (EOFError, OSError):
        return None
