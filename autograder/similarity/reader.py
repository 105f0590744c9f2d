"""The process that reads students' files: it forks once for each, and the fork gives everything up before it parses.

Orders come through a socket, each with two descriptors: the bytes of a file, sealed, and a channel for the numbers.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import platform
import signal
import socket
import struct
import sys
import time
import warnings

from autograder.sandbox.layers import CHANNEL, RULESET, Confines, forget_the_environment, make_walls, take_leave
from autograder.sandbox.memory import read_all
from autograder.similarity.fingerprints import Fingerprints, fingerprints
from autograder.source.cells import UnreadableSource

KINDS = {b"n": "notebook", b"s": "script"}
DONE, BROKEN = b"d", b"b"

HEADER = struct.Struct("<cI")
ROW = struct.Struct("<III")
"""A fingerprint, its cell and its line."""

MEMORY = 512
SECONDS = 5.0
"""MiB and seconds for one file. An ordinary one needs a few milliseconds."""

FIRST_FREE = 10


def main() -> None:
    """Arguments: the socket's descriptor, the user number or "-", the empty folder, and the seconds for a file."""
    number, uid, folder, seconds = sys.argv[1:5]
    control = socket.socket(fileno=fcntl.fcntl(int(number), fcntl.F_DUPFD_CLOEXEC, FIRST_FREE))
    os.close(int(number))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for place in (CHANNEL, RULESET):
        os.dup2(nowhere, place)
    ruleset, program = make_walls(platform.machine())
    if ruleset is not None:
        os.dup2(ruleset, RULESET)
        os.close(ruleset)
    forget_the_environment()
    _warm_up()
    user = None if uid == "-" else int(uid)
    own = os.getpid()
    confines = Confines(folder, user, own, MEMORY, float(seconds), None if ruleset is None else RULESET, program)
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, 1, 2)
        if not order:
            return
        child = os.fork()
        if child == 0:
            _read_one(order, descriptors[0], descriptors[1], confines)
        for descriptor in descriptors:
            os.close(descriptor)
        control.sendall(DONE if _ends_in_time(child, float(seconds)) else BROKEN)


def _warm_up() -> None:
    """What the standard library loads on first use has to be there before there are no files any more."""
    fingerprints(b"x = [1, 'two', f'{3}']  # four\n", "script")
    fingerprints(b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]}', "notebook")


def _read_one(order: bytes, source: int, channel: int, confines: Confines) -> None:
    """In the fork: never returns."""
    try:
        data = read_all(source)
        os.dup2(channel, CHANNEL, inheritable=False)
        take_leave(confines)
        warnings.simplefilter("ignore")
        try:
            answer = encode(fingerprints(data, KINDS[order]))
        except UnreadableSource:
            answer = HEADER.pack(BROKEN, 0)
        while answer:
            answer = answer[os.write(CHANNEL, answer) :]
    finally:
        os._exit(0)


def _ends_in_time(child: int, seconds: float) -> bool:
    """Whether it came to its own end. One that takes too long is killed; nothing is left of either."""
    deadline = time.monotonic() + seconds
    wait = 0.0005
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status == 0
        if time.monotonic() > deadline:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return False
        time.sleep(wait)
        wait = min(0.01, wait * 2)


def encode(found: Fingerprints) -> bytes:
    rows = [ROW.pack(value & 0xFFFFFFFF, place.cell, place.line) for value, place in found]
    return HEADER.pack(DONE, len(rows)) + b"".join(rows)
