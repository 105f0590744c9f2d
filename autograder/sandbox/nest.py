"""Where workers hatch, seen from the grader: a user number and an empty folder of their own, and a zygote.

Nothing heavy is imported here, so that a command can start an interpreter before it imports numpy itself: the two
take equally long, and so they go side by side. Every exchange with the zygote has a deadline. One that is dead, stopped
or confused is replaced, and what it was doing is done again.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from autograder.errors import SandboxError
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
from autograder.sandbox.users import PrivateUid

THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_MAX_THREADS",
)

BOOT = "import sys; sys.path[:] = sys.argv[5:]; from autograder.sandbox.zygote import main; main()"

START_SECONDS = 60.0
"""For an interpreter to start and load numpy. Longer, and it is the machine's fault, not the student's."""

ORDER_SECONDS = 10.0
"""For a zygote to obey an order. It needs a few milliseconds; a machine that is very busy may make it wait."""

MOST_STARTS = 3


def usual_jobs() -> int:
    """Things to do at a time: one for each processor that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


class UnfitFile(Exception):
    """A file of the instructor's cannot run in a worker. The file, and what it raised."""


class _Lost(Exception):
    """The zygote is gone, stopped or confused."""


@dataclass(frozen=True)
class Brief:
    """Something that a zygote learns, in a sealed memory file. The same `key`, the same content."""

    key: Hashable
    descriptor: int


@dataclass(frozen=True, eq=False)
class Hatchling:
    """A worker that has been started: its process number, and a handle that means no other process ever."""

    pid: int
    handle: int | None
    is_forked: bool

    def signal(self, number: int) -> None:
        """Send it a signal; quietly if it is gone."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.handle is None or not _has_signalled(self.handle, number):
                os.kill(self.pid, number)


class Interpreter(Protocol):
    """The process of a zygote."""

    @property
    def pid(self) -> int: ...

    def wait(self) -> int: ...


@dataclass(frozen=True)
class Child:
    """A process that was forked, and not started as a program."""

    pid: int

    def wait(self) -> int:
        """Reap it."""
        return os.waitpid(self.pid, 0)[1]


class Nest:
    """Starts workers, and ends them with all that they have started.

    They are forks of one zygote. Where that cannot fork safely, each worker is an interpreter of its own, started
    while the one before it works. Layers in `without` are left out, for the proof that shows what each is for. The
    first zygote may be there already: `first` is what `fork_zygote` gave.
    """

    def __init__(
        self, without: Collection[str] = (), forks: bool = True, first: tuple[int, socket.socket] | None = None
    ) -> None:
        self._first = first
        self.without = frozenset(without)
        self.forks = forks
        self._uid = PrivateUid()
        try:
            self._folder = _make_folder()
        except SandboxError:
            self._uid.close()
            raise
        self._process: Interpreter | None = None
        self._control: socket.socket | None = None
        self._is_ready = False
        self._learnt: dict[Hashable, int] = {}
        self._spent: Interpreter | None = None
        self._out: Hatchling | None = None
        self._hatched = 0
        self._is_abandoned = False

    def __enter__(self) -> Nest:
        try:
            self.start()
        except SandboxError:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Start an interpreter, unless there is one, and do not wait for it. Raises SandboxError when none can be."""
        if self._process is None:
            self._process, self._control = self._start()

    def hatch(self, setting: Brief, deck: Brief, channel: int, journal: int | None) -> Hatchling:
        """A worker that listens to `channel`, and knows the setting and the deck.

        Raises SandboxError when none can be started, and UnfitFile when the setting is to blame.
        """
        for _ in range(MOST_STARTS):
            if self._is_abandoned:
                raise SandboxError("Grading was stopped.")
            self.start()
            try:
                self._out = self._hatch(setting, deck, [channel] if journal is None else [channel, journal])
                return self._out
            except _Lost:
                self._discard()
        raise SandboxError(
            f"No worker could be started, in {MOST_STARTS} tries. `{sys.executable} -c 'import numpy'` "
            "should work in a terminal; if it does, the machine may be out of memory or processes."
        )

    def end(self, hatchling: Hatchling) -> bool:
        """Kill a worker and everything that it has started. Returns when it is reaped.

        False when the zygote died meanwhile: then nothing that the worker said or failed to say is its own fault.
        """
        hatchling.signal(signal.SIGKILL)
        try:
            if hatchling.is_forked:
                self._exchange(END, 0, [], ENDED, ORDER_SECONDS)
            else:
                self._reap(hatchling.pid)
                self._uid.kill_everything()
        except _Lost:
            self._discard()
            return False
        finally:
            if hatchling.handle is not None:
                os.close(hatchling.handle)
        self._out = None
        return not self._is_abandoned

    def is_own(self, pid: int) -> bool:
        """Whether this is the process number of the interpreter that is kept here."""
        return self._process is not None and self._process.pid == pid

    def abandon(self) -> None:
        """From another thread: whatever is going on here ends at once, and nothing new begins."""
        self._is_abandoned = True
        process = self._process
        if process is not None:
            _kill_group(process.pid)

    def close(self) -> None:
        self._discard()
        self._uid.close()
        self._folder.cleanup()

    # ---- the zygote ----------------------------------------------------------------------------------------

    def _hatch(self, setting: Brief, deck: Brief, descriptors: list[int]) -> Hatchling:
        assert self._process is not None
        if not self._is_ready:
            threads = self._answer(READY, START_SECONDS)
            self._is_ready, self.forks = True, self.forks and threads == 1
        self._teach(LEARN, setting)
        number = self._teach(DECK, deck)
        if self.forks:
            pid = self._exchange(FORK, number, descriptors, FORKED, ORDER_SECONDS)
            return Hatchling(pid, _handle(pid), is_forked=True)
        pid = self._exchange(BECOME, number, descriptors, FORKED, ORDER_SECONDS)
        hatchling = Hatchling(pid, _handle(pid), is_forked=False)
        self._spent = self._process
        self._forget()
        self._hatched += 1
        if self._hatched > 1:  # whoever grades a single file does not wait for a process that nobody will need
            with contextlib.suppress(SandboxError):  # not needed yet; the next submission asks for it again
                self.start()
        return hatchling

    def _teach(self, order: bytes, brief: Brief) -> int:
        if brief.key not in self._learnt:
            self._learnt[brief.key] = self._exchange(order, 0, [brief.descriptor], LEARNT, START_SECONDS)
        return self._learnt[brief.key]

    def _exchange(self, order: bytes, number: int, descriptors: list[int], expected: bytes, seconds: float) -> int:
        if self._control is None:
            raise _Lost
        try:
            self._control.settimeout(seconds)
            socket.send_fds(self._control, [ORDER.pack(order, number)], descriptors)
        except OSError as error:
            raise _Lost from error
        return self._answer(expected, seconds)

    def _answer(self, expected: bytes, seconds: float) -> int:
        answer, number = ORDER.unpack(self._receive(ORDER.size, seconds))
        if answer == UNFIT and expected == LEARNT:
            file, _, what = self._receive(number, seconds).decode("utf-8", "replace").partition("\n")
            raise UnfitFile(file, what)
        if answer == FAILED and number == 0:  # it has threads, and a fork would have half of them
            self.forks = False
        if answer != expected:
            raise _Lost
        return int(number)

    def _receive(self, size: int, seconds: float) -> bytes:
        received = b""
        try:
            assert self._control is not None
            self._control.settimeout(seconds)
            while len(received) < size:
                chunk = self._control.recv(size - len(received))
                if not chunk:
                    raise _Lost
                received += chunk
        except OSError as error:
            raise _Lost from error
        return received

    def _discard(self) -> None:
        """Kill the zygote with everything that it has started, and forget what it knew."""
        process = self._process
        self._forget()
        if process is not None:
            _kill_group(process.pid)
            process.wait()
        if self._out is not None:  # it may have started something that nobody has reaped
            self._out = None
            self._uid.kill_everything()

    def _forget(self) -> None:
        if self._control is not None:
            self._control.close()
        self._process, self._control, self._is_ready = None, None, False
        self._learnt.clear()

    def _reap(self, pid: int) -> None:
        """Of a worker that was an interpreter of its own."""
        _kill_group(pid)
        if self._spent is not None:
            self._spent.wait()
            self._spent = None

    def _start(self) -> tuple[Interpreter, socket.socket]:
        number = "-" if self._uid.uid is None else str(self._uid.uid)
        arguments = [number, self._folder.name, ",".join(sorted(self.without))]
        if self._first is not None:
            (pid, control), self._first = self._first, None
            with contextlib.suppress(OSError):  # if it is dead already, its silence tells
                control.sendall(os.fsencode("\t".join(arguments)))
            return Child(pid), control
        try:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        except OSError as error:  # no more descriptors, say
            raise SandboxError(f"No worker could be started: {error}.") from error
        try:
            return _start_interpreter(theirs.fileno(), arguments, self._folder.name), ours
        except OSError as error:
            ours.close()
            raise SandboxError(f"No worker could be started: {error}.") from error
        finally:
            theirs.close()


def _start_interpreter(control: int, arguments: list[str], folder: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
    environment |= dict.fromkeys(THREADS, "1") | {"PYTHONHASHSEED": "0"}
    paths = [path for path in sys.path if path and os.path.exists(path)]
    return subprocess.Popen(
        # not -I, which is deaf to PYTHONHASHSEED
        [sys.executable, "-S", "-c", BOOT, str(control), *arguments, *paths],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
        pass_fds=[control],
    )


def _make_folder() -> tempfile.TemporaryDirectory[str]:
    """An empty folder that stays so. Raises SandboxError where none can be made."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="grader-worker-")
        os.chmod(folder.name, 0o555)
    except OSError as error:  # a disk that is full, or for reading only
        raise SandboxError(
            f"No worker could be started: {error}. It needs an empty folder: set TMPDIR to where one can be made."
        ) from error
    return folder


def _handle(pid: int) -> int | None:
    """A worker's number is not given to another process before it is reaped, so the number alone would do, too."""
    if sys.platform != "linux":
        return None
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError as error:
        raise _Lost from error
    except OSError:
        return None


def _has_signalled(handle: int, number: int) -> bool:
    """Whether the system takes signals by a handle. Raises ProcessLookupError for a process that is gone: its number
    may be another one's by now."""
    try:
        signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        raise
    except OSError:
        return False
    return True


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
