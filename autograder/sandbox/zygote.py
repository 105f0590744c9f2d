"""The parent of workers: an interpreter with everything loaded that a worker may use, which forks one a submission.

It runs no student's code and reads none: bytes of students go between grader and worker directly. The grader speaks to
it through one socket, in orders of eight bytes, each answered before the next; descriptors travel along. Where forking
is unsafe, the interpreter itself becomes the worker, and the grader starts another one.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import os
import platform
import signal
import socket
import sys
from collections.abc import Callable, Mapping

import numpy as np

from autograder.sandbox.imports import forget_what_is_in_folders, load_common
from autograder.sandbox.large_pages import use_large_pages
from autograder.sandbox.layers import (
    CHANNEL,
    RULESET,
    Confines,
    Unavailable,
    adopt_orphans,
    forget_the_environment,
    hide_memory,
    make_walls,
    renounce_privileges,
)
from autograder.sandbox.lessons import CasesOfDeck, Lesson, Unfit, learn_assignment, learn_deck
from autograder.sandbox.memory import read_all
from autograder.sandbox.orders import (
    BECOME,
    DECK,
    END,
    ENDED,
    FAILED,
    FORK,
    FORKED,
    LEARN,
    LEARNT,
    ORDER,
    READY,
    UNFIT,
)
from autograder.sandbox.warmup import warm_up
from autograder.sandbox.worker import work

FIRST_FREE_DESCRIPTOR = 10

BEFORE_WARM = 2
"""Workers, a probe and a submission, before a zygote warms itself up: whoever grades one file need not wait for it."""

PREPARATIONS: Mapping[str, Callable[[], None]] = {
    "orphans": adopt_orphans,
    "environment": forget_the_environment,
    "privileges": renounce_privileges,
    "memory": hide_memory,
}
"""What a zygote gives up itself, before there is a worker; of the same names as the layers of workers."""


def main() -> None:
    """Arguments: the socket's descriptor, the user number or "-", the empty folder, layers to leave out."""
    number, uid, folder, without = sys.argv[1:5]
    control = socket.socket(fileno=fcntl.fcntl(int(number), fcntl.F_DUPFD_CLOEXEC, FIRST_FREE_DESCRIPTOR))
    os.close(int(number))
    gc.disable()  # what is learnt, stays: there is nothing to collect before a worker's code runs
    load_common()
    Zygote(control, None if uid == "-" else int(uid), folder, frozenset(without.split(","))).obey()


class Zygote:
    """Obeys orders until the grader is gone."""

    def __init__(self, control: socket.socket, uid: int | None, folder: str, without: frozenset[str]) -> None:
        self.control = control
        self.uid = uid
        self.folder = folder
        self.without = without
        self.lesson: Lesson | None = None
        self.decks: list[CasesOfDeck] = []
        self.worker: int | None = None
        self.forks = 0
        self.is_warm = False
        _keep_free(CHANNEL, RULESET)
        ruleset, self.program = make_walls(platform.machine())
        self.ruleset = None if ruleset is None else _moved_to(RULESET, ruleset)

    def obey(self) -> None:
        for name, prepare in PREPARATIONS.items():
            if name not in self.without:  # or its workers would have a layer that is to be left out
                with contextlib.suppress(Unavailable, OSError):
                    prepare()
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
            score.write("1000")  # of all processes, the kernel should take a worker first
        self._settle()
        self._say(READY, threads())
        while True:
            message, descriptors, _, _ = socket.recv_fds(self.control, ORDER.size, 2)
            if len(message) < ORDER.size:  # the grader is gone
                self._end_worker()
                os._exit(0)
            order, number = ORDER.unpack(message)
            try:
                self._obey(order, number, descriptors)
            finally:
                for descriptor in descriptors:
                    os.close(descriptor)

    def _obey(self, order: bytes, number: int, descriptors: list[int]) -> None:
        if order in (LEARN, DECK):
            try:
                self._learn(order, read_all(descriptors[0]))
            except Unfit as unfit:
                text = "\n".join(unfit.args).encode("utf-8", "replace")
                self._say(UNFIT, len(text))
                self.control.sendall(text)
                return
            self._settle()
            self._say(LEARNT, len(self.decks) - 1 if order == DECK else 0)
        elif order == FORK:
            if self.forks == BEFORE_WARM and not self.is_warm:
                self._warm_up(number)
            self._fork(number, descriptors)
        elif order == BECOME:
            self._say(FORKED, os.getpid())
            self._become_worker(number, descriptors, os.getppid())
        elif order == END:
            self._say(ENDED, self._end_worker() & 0xFFFFFFFF)

    def _learn(self, order: bytes, body: bytes) -> None:
        if order == LEARN:
            self.lesson = learn_assignment(body)
        else:
            assert self.lesson is not None
            self.decks.append(learn_deck(body, self.lesson.setting))

    def _warm_up(self, number: int) -> None:
        assert self.lesson is not None
        warm_up(self.lesson, self.decks[number])
        self.is_warm = True
        self._settle()

    def _settle(self) -> None:
        """What is there now, stays: no collection of a worker's touches it, and so its pages are never copied."""
        forget_what_is_in_folders()
        gc.freeze()
        if self.is_warm:  # takes longer than it saves one worker
            use_large_pages()

    def _fork(self, number: int, descriptors: list[int]) -> None:
        own = os.getpid()
        if threads() > 1:  # an instructor's file has started one
            self._say(FAILED, 0)
            return
        try:
            worker = os.fork()
        except OSError as error:
            self._say(FAILED, error.errno or 0)
            return
        if worker == 0:
            self._become_worker(number, descriptors, own)
        self.worker = worker
        self.forks += 1
        self._say(FORKED, worker)

    def _become_worker(self, number: int, descriptors: list[int], parent: int) -> None:
        try:
            gc.enable()
            self.control.close()
            channel, *journals = descriptors
            os.dup2(channel, CHANNEL, inheritable=False)
            assert self.lesson is not None
            limits = self.lesson.setting.limits
            confines = Confines(
                self.folder, self.uid, parent, limits.memory, limits.submission, self.ruleset, self.program
            )
            work(self.lesson, self.decks[number], confines, journals[0] if journals else None, self.without)
        finally:
            os._exit(0)

    # ---- the end of a worker -------------------------------------------------------------------------------

    def _end_worker(self) -> int:
        """Kill the worker and whatever it has started. Returns how it ended, as `wait` tells it."""
        if self.worker is None:
            return 0
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(self.worker, signal.SIGKILL)
        _, status = os.waitpid(self.worker, 0)
        self.worker = None
        # Orphans are ours: without a child, there is nothing left of it anywhere.
        while self._has_children():
            if self.uid is not None:
                kill_all_of(self.uid)
            kill_children()  # of root as well: where the system forbids it, a worker has not become another user
        return status

    def _has_children(self) -> bool:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return False
        return True

    def _say(self, answer: bytes, number: int) -> None:
        self.control.sendall(ORDER.pack(answer, number))


def threads() -> int:
    """How many threads this process has; 2 where a library is known to have some that cannot be counted."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        config = str(np.show_config(mode="dicts")).lower() if sys.platform == "darwin" else ""
        return 2 if "accelerate" in config else 1


def kill_all_of(uid: int) -> None:
    """Kill whatever runs under this number. Only a process of that user can say "all of mine" to the kernel."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def kill_children() -> None:
    """Kill the processes whose parent is this one."""
    own = os.getpid()
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                with open(f"/proc/{name}/stat", "rb") as stat:
                    parent = int(stat.read().rpartition(b")")[2].split()[1])
                if parent == own:
                    os.kill(int(name), signal.SIGKILL)


def _keep_free(*places: int) -> None:
    """Nothing else is opened under these numbers, where a worker has its descriptors."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for place in places:
        if place != nowhere:
            os.dup2(nowhere, place, inheritable=False)
    if nowhere not in places:
        os.close(nowhere)


def _moved_to(place: int, descriptor: int) -> int:
    os.dup2(descriptor, place, inheritable=False)
    os.close(descriptor)
    return place
