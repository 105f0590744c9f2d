"""A file of a student → its fingerprints, read by another process: `with Reader() as reader: reader.read(...)`."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from types import TracebackType

from autograder.errors import SandboxError
from autograder.records import Submission
from autograder.sandbox.memory import make_sealed
from autograder.sandbox.users import PrivateUid
from autograder.similarity.fingerprints import MOST, Fingerprints, Place
from autograder.similarity.reader import DONE, HEADER, KINDS, ROW, SECONDS

BOOT = "import sys; sys.path[:] = sys.argv[5:]; from autograder.similarity.reader import main; main()"

START_SECONDS = 60.0
MOST_STARTS = 3
ORDERS = {kind: order for order, kind in KINDS.items()}


class _Lost(Exception):
    """The reader is gone or stuck."""


class Reader:
    """One process that reads, replaced where it dies. A file may take so many seconds."""

    def __init__(self, seconds: float = SECONDS) -> None:
        if not hasattr(os, "fork"):
            raise SandboxError(
                "Each file is read in a process of its own, and this system has no fork. Use Linux, macOS or WSL."
            )
        self._seconds = seconds
        self._user = PrivateUid()
        self._folder = tempfile.TemporaryDirectory(prefix="grader-reader-")
        os.chmod(self._folder.name, 0o555)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._end()
        self._user.kill_everything()
        self._user.close()
        self._folder.cleanup()

    def read(self, submission: Submission) -> Fingerprints | None:
        """Its fingerprints; None where it cannot be read, or breaks whoever reads it. Raises SandboxError where no
        process can be had."""
        for _ in range(MOST_STARTS):
            try:
                return self._ask(submission)
            except _Lost:
                self._end()
        raise SandboxError(f"No process could be started that reads {submission.name}, in {MOST_STARTS} tries.")

    def _ask(self, submission: Submission) -> Fingerprints | None:
        control = self._start()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        source = make_sealed(submission.source)
        try:
            ours.settimeout(START_SECONDS)
            socket.send_fds(control, [ORDERS[submission.kind]], [source, theirs.fileno()])
            theirs.close()
            answer = _receive(ours)
            control.settimeout(START_SECONDS + self._seconds)
            ended = control.recv(1)
        except OSError as error:
            raise _Lost from error
        finally:
            ours.close()
            theirs.close()
            os.close(source)
        if not ended:
            raise _Lost
        return decode(answer) if ended == DONE else None

    def _start(self) -> socket.socket:
        if self._control is not None:
            return self._control
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        uid = "-" if self._user.uid is None else str(self._user.uid)
        arguments = [str(theirs.fileno()), uid, self._folder.name, str(self._seconds)]
        paths = [path for path in sys.path if path and os.path.exists(path)]
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", BOOT, *arguments, *paths],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder.name,
            env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self._control = ours
        return ours

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process, self._control = None, None


def _receive(channel: socket.socket) -> bytes:
    """All that is said until the other end closes; no more than the longest answer there is."""
    parts: list[bytes] = []
    room = HEADER.size + MOST * ROW.size + 1
    while room > 0:
        part = channel.recv(min(room, 1 << 16))
        if not part:
            break
        parts.append(part)
        room -= len(part)
    return b"".join(parts)


def decode(answer: bytes) -> Fingerprints | None:
    """What a reader said, where it is well formed, and nothing else."""
    if len(answer) < HEADER.size:
        return None
    word, count = HEADER.unpack_from(answer)
    if word != DONE or count > MOST or len(answer) != HEADER.size + count * ROW.size:
        return None
    rows = ROW.iter_unpack(answer[HEADER.size :])
    return tuple((value, Place(cell, line)) for value, cell, line in rows)
