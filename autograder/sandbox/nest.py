"""Where workers hatch: a user number and an empty folder of their own, and the next interpreter, already started.

Nothing heavy is imported here, so that a command can start an interpreter before it imports numpy itself: the two
take equally long, and so they go side by side.
"""

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

FIRST_UID = 61_000
"""Numbers from here on belong to nobody on ordinary systems, and fit into a container's 65,536."""

UIDS = 1_000

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

BOOT = "import sys; sys.path[:] = sys.argv[2:]; from autograder.sandbox.worker import main; main()"


class PrivateUid:
    """A user number that no other grader on this machine uses; None where we are not root.

    It is reserved by a socket name in Linux's abstract namespace, which vanishes with this process, however it ends.
    """

    def __init__(self) -> None:
        self.uid: int | None = None
        self._reservation: socket.socket | None = None
        if sys.platform != "linux" or os.geteuid() != 0:
            return
        for uid in range(FIRST_UID, FIRST_UID + UIDS):
            reservation = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            try:
                reservation.bind(f"\0backprop-grader-uid-{uid}")
            except OSError:
                reservation.close()
                continue
            self.uid, self._reservation = uid, reservation
            self._take_possession()
            return
        raise SandboxError(f"All {UIDS} user numbers for workers are taken. Are hundreds of graders running here?")

    def _take_possession(self) -> None:
        """Kill what an earlier grader may have left under this number; or learn now that we cannot become another."""
        try:
            self.kill_everything()
        except OSError as error:
            self.close()
            raise SandboxError(
                f"This process is root, but may not become another user ({error.strerror}). Run the grader as an "
                "ordinary user, or give the container the capabilities SETUID and SETGID."
            ) from error

    def kill_everything(self) -> None:
        """Kill whatever still runs under this number, wherever it has hidden itself."""
        if self.uid is None:
            return
        # Only a process of that user can say "all of mine" to the kernel. The shell is one of them, hence no check.
        subprocess.run(
            ["/bin/sh", "-c", "kill -9 -1"],
            user=self.uid,
            group=self.uid,
            extra_groups=[],
            env={},
            cwd="/",
            check=False,
        )

    def close(self) -> None:
        if self._reservation is not None:
            self._reservation.close()


def usual_jobs() -> int:
    """Things to do at a time: one for each processor that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


class Nest:
    """Starts interpreters for workers, and ends them with all that they have started."""

    def __init__(self) -> None:
        self._uid = PrivateUid()
        self._folder = tempfile.TemporaryDirectory(prefix="grader-worker-")
        os.chmod(self._folder.name, 0o555)  # empty, and to stay so
        self._spare: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Nest:
        try:
            self.start_spare()
        except SandboxError:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def start_spare(self) -> None:
        """Start the next interpreter, unless one is waiting. Raises SandboxError when none can be started."""
        if self._spare is None:
            self._spare = self._start()

    def take(self) -> subprocess.Popen[bytes]:
        """An interpreter that nobody has used; it may still be starting."""
        self.start_spare()
        process, self._spare = self._spare, None
        assert process is not None
        return process

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Kill the process and everything it started. Returns when the process is reaped."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._uid.kill_everything()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def close(self) -> None:
        if self._spare is not None:
            self.end(self._spare)
            self._spare = None
        self._uid.close()
        self._folder.cleanup()

    def _start(self) -> subprocess.Popen[bytes]:
        number = "-" if self._uid.uid is None else str(self._uid.uid)
        environment = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
        environment |= dict.fromkeys(THREADS, "1") | {"PYTHONHASHSEED": "0"}
        paths = [path for path in sys.path if path and os.path.exists(path)]
        try:
            return subprocess.Popen(
                [sys.executable, "-S", "-c", BOOT, number, *paths],  # not -I, which is deaf to PYTHONHASHSEED
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder.name,
                env=environment,
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise SandboxError(f"No worker could be started: {error}.") from error
