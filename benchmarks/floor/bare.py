"""The floor that `benchmarks/sandbox.py` measures against: a submission in a bare fork, without walls and without talk.

A process that has loaded what a zygote loads. For each submission it forks; the fork reads the source, defines the
functions, makes all calls, and is gone. Nobody is told what came out. Orders are lines on standard input: how many, and
"plain" for the processor's seconds that they took, all in all, or "stages" for where these go in a worker with all its
walls.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from autograder.answer import answer_case, function_of, quiet
from autograder.sandbox import wire
from autograder.sandbox.definitions import define
from autograder.sandbox.imports import (
    forget_what_is_in_folders,
    forget_where_modules_are,
    load_common,
    load_mentioned,
)
from autograder.sandbox.layers import CHANNEL, Confines, make_walls, take_leave
from autograder.sandbox.lessons import CasesOfDeck, Lesson, learn_assignment, learn_deck
from autograder.sandbox.memory import make_writable
from autograder.sandbox.warmup import warm_up
from autograder.sandbox.worker import _map
from autograder.source.extract import extract


def main() -> None:
    """Arguments: files with a setting, a deck and a request; an empty folder; a user number, or "-"."""
    setting, deck, request, folder, uid = sys.argv[1:6]
    load_common()
    lesson = learn_assignment(Path(setting).read_bytes())
    cases = learn_deck(Path(deck).read_bytes(), lesson.setting)
    asked = wire.decode_request(Path(request).read_bytes())
    number = None if uid == "-" else int(uid)
    warm_up(lesson, cases)
    forget_what_is_in_folders()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        count, what = line.split()
        if what == "plain":
            print(measure(lambda: plain(lesson, cases, asked), int(count)), flush=True)
        else:
            print(json.dumps(stages(lesson, cases, asked, int(count), folder, number)), flush=True)


def spent() -> float:
    """The processor's seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(work: Callable[[], None], count: int) -> float:
    before = spent()
    for _ in range(count):
        child = os.fork()
        if child == 0:
            try:
                work()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
    return spent() - before


def plain(lesson: Lesson, deck: CasesOfDeck, request: wire.Request) -> None:
    kept = extract(request.source, request.kind, request.functions, request.forwards)
    functions, _ = define(kept, request.functions, lesson.setting.modules, {})
    with quiet():
        for number in request.cases:
            function = function_of(deck.cases[number], functions, deck.training)
            if function is not None:
                answer_case(function, deck.cases[number], lesson.forwards)


def stages(
    lesson: Lesson, deck: CasesOfDeck, request: wire.Request, count: int, folder: str, uid: int | None
) -> dict[str, float]:
    """The processor's milliseconds of each stage of a worker, and of a fork that does nothing: medians."""
    times: dict[str, list[float]] = {"fork, exit, wait": [1e3 * measure(lambda: None, 1) for _ in range(count)]}
    walls = make_walls(platform.machine())
    for _ in range(count):
        ours, theirs = os.pipe()
        journal = make_writable(deck.layout.size)
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            try:
                limits = lesson.setting.limits
                confines = Confines(folder, uid, parent, limits.memory, limits.submission, *walls)
                os.dup2(theirs, CHANNEL)
                os.write(CHANNEL, json.dumps(stamps(lesson, deck, request, journal, confines)).encode())
            finally:
                os._exit(0)
        os.close(theirs)
        os.close(journal)
        with open(ours, "rb") as told:
            for name, seconds in json.loads(told.read()).items():
                times.setdefault(name, []).append(1e3 * seconds)
        os.waitpid(child, 0)
    return {name: statistics.median(one) for name, one in times.items()}


def stamps(
    lesson: Lesson, deck: CasesOfDeck, request: wire.Request, journal: int, confines: Confines
) -> dict[str, float]:
    """The stages of a worker, one after the other, and the seconds of each."""
    clock = time.thread_time  # that of a process moves in steps of a tick, as soon as it has a limit
    began = clock()
    writer = _map(deck, journal)
    assert writer is not None
    mapped = clock()
    load_mentioned(request.source)
    forget_where_modules_are()
    take_leave(confines)
    sealed = clock()
    kept = extract(request.source, request.kind, request.functions, request.forwards)
    wire.encode_findings(kept.written, kept.notes, None)
    extracted = clock()
    functions, _ = define(kept, request.functions, lesson.setting.modules, {})
    defined = clock()
    answering = writing = 0.0
    with quiet():
        for number in request.cases:
            case = deck.cases[number]
            function = function_of(case, functions, deck.training)
            assert function is not None
            start = clock()
            answer = answer_case(function, case, lesson.forwards)
            answered = clock()
            writer.write(number, answer, deck.argument_bytes[number])
            writing += clock() - answered
            answering += answered - start
    return {
        "map the journal": mapped - began,
        "give everything up": sealed - mapped,
        "extract": extracted - sealed,
        "define": defined - extracted,
        "answer": answering,
        "write the journal": writing,
    }


if __name__ == "__main__":
    main()
