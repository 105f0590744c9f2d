"""A user of its own for the workers of one grader, where that is root."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

from autograder.errors import SandboxError

FIRST_UID = 61_000
"""Numbers from here on belong to nobody on ordinary systems, and fit into a container's 65,536."""

UIDS = 1_000


class PrivateUid:
    """A user number that no other grader on this machine uses; None where we are not root.

    It is reserved by a socket name in Linux's abstract namespace, which vanishes with this process, however it ends.
    """

    def __init__(self) -> None:
        self.uid: int | None = None
        self._reservation: socket.socket | None = None
        if sys.platform != "linux" or os.geteuid() != 0:
            return
        first = _where_to_begin()
        for uid in (FIRST_UID + (first + number) % UIDS for number in range(UIDS)):
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


def _where_to_begin() -> int:
    """Another number in each network namespace. A reservation is seen in its own namespace only, and a grader outside
    of a container would kill what runs in it under the same number."""
    try:
        return os.stat("/proc/self/ns/net").st_ino * 2_654_435_761 % UIDS
    except OSError:
        return 0
