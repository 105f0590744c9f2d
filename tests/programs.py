"""Programs that run behind a wall, each in a process of its own: what the tests of the kernel's walls share."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

PRELUDE = """
import ctypes, errno, os, resource, sys

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def give_up_new_privileges():
    assert libc.prctl(38, 1, 0, 0, 0) == 0


def raw(number, *arguments):
    '''What the kernel answers, or the name of its error.'''
    result = libc.syscall(*map(ctypes.c_ulong, (number, *arguments)))
    return errno.errorcode[ctypes.get_errno()] if result == -1 else result

"""

IS_DEPRIVED = sys.platform == "linux" and ctypes.CDLL(None).prctl(39, 0, 0, 0, 0) != 0
needs_new_privileges = pytest.mark.skipif(IS_DEPRIVED, reason="these tests run without new privileges already")

BECOME_ORDINARY = """
if os.geteuid() == 0:
    os.setgroups([])
    os.setresgid(61234, 61234, 61234)
    os.setresuid(61234, 61234, 61234)
"""

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""As a worker has it: a BLAS with threads would want to start them behind the wall."""


def run_program(text: str) -> subprocess.CompletedProcess[str]:
    """The exit code of a fresh interpreter that runs a text after `PRELUDE`, and what it printed."""
    return subprocess.run(
        [sys.executable, "-c", PRELUDE + text],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **ONE_THREAD},
        check=False,
    )
