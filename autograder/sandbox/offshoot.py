"""A zygote that is forked before the grader is loaded: Python, numpy and what both need start only once.

For who grades one submission and counts processor time. It has to be the very first thing in a process that was started
without anything worth knowing: what is in memory then, every worker can read. What comes later, none can.
"""

from __future__ import annotations

import os
import socket
import sys

from autograder.sandbox import zygote

MOST_DESCRIPTORS = 1 << 10

MOST_BYTES = 1 << 13
"""Of its arguments: a number, a path, names of layers."""


def fork_zygote() -> tuple[int, socket.socket]:
    """Its process number, and a socket through which it is told its arguments, tabs between them, and then its orders.

    Raises OSError where no process can be had.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    pid = os.fork()
    if pid:
        theirs.close()
        return pid, ours
    try:
        ours.close()
        _leave_everything(theirs.fileno())
        uid, folder, without = os.fsdecode(theirs.recv(MOST_BYTES)).split("\t")
        os.chdir(folder)
        sys.argv[:] = ["-c", str(theirs.detach()), uid, folder, without]
        zygote.main()
    finally:
        os._exit(1)


def _leave_everything(control: int) -> None:
    """What a program of its own would not have."""
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for place in range(3):
        os.dup2(nowhere, place)
    os.closerange(3, control)
    os.closerange(control + 1, MOST_DESCRIPTORS)
    os.environ.clear()
