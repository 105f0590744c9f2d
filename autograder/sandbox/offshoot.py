"""A zygote that is forked from the grader, before the grader knows anything: Python and numpy start only once.

For who grades one submission and counts processor time. It has to be made first of all: what is loaded later, such as
the checks, is in no worker's memory, and what was loaded beside it is taken out of reach.
"""

from __future__ import annotations

import os
import sys

from autograder.sandbox import zygote

OWN = frozenset(sys.modules) - {__name__}
"""What is loaded now: a zygote, and all that it needs."""

MOST_DESCRIPTORS = 1 << 10


class Offshoot:
    """The zygote's process, as `Nest` looks after it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def wait(self) -> int:
        """Reap it."""
        return os.waitpid(self.pid, 0)[1]


def fork_zygote(control: int, arguments: list[str], folder: str) -> Offshoot:
    """A process that obeys what comes through the descriptor `control`. Raises OSError where none can be had."""
    pid = os.fork()
    if pid:
        return Offshoot(pid)
    try:
        _leave_everything(control, folder)
        sys.argv[:] = ["-c", str(control), *arguments]
        zygote.main()
    finally:
        os._exit(1)


def _leave_everything(control: int, folder: str) -> None:
    """What a program of its own would not have."""
    os.setsid()
    os.chdir(folder)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for place in range(3):
        os.dup2(nowhere, place)
    os.closerange(3, control)
    os.closerange(control + 1, MOST_DESCRIPTORS)
    os.environ.clear()
    for name in set(sys.modules) - OWN:
        del sys.modules[name]
