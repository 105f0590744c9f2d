"""What a worker gives up before it reads the first byte of a student: one function a layer, in their order.

Each returns quietly where the platform has no such thing; `describe` says which ones can be had here. The kernel
walls that deserve the word "sealed" (Landlock, seccomp) are not built yet, and nothing here claims them.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from importlib.machinery import PathFinder

from autograder.records import Limits

if sys.platform != "win32":
    import resource

MEBIBYTE = 1 << 20
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38


def describe() -> Mapping[str, str]:
    """The four promises and how they stand on this machine: "weak" is set but not proved, "absent" is not there."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    has_rlimits = sys.platform != "win32"
    return {
        "files": "weak" if is_root else "absent",
        "net": "absent",
        "proc": "weak" if has_rlimits else "absent",
        "mem": "weak" if has_rlimits else "absent",
    }


def keep_only_descriptors(first: int, second: int) -> None:
    """Close everything but two; 0, 1 and 2 lead nowhere. Python's own `print` then costs nothing and says nothing."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    keep = sorted({0, 1, 2, first, second})
    for low, high in zip(keep, [*keep[1:], 1 << 16]):
        os.closerange(low + 1, high)


def limit_resources(limits: Limits, seconds: float) -> None:
    """Processor time, memory, processes, written bytes and core dumps, for this process and all it starts."""
    if sys.platform == "win32":
        return
    memory = _address_space() + limits.memory * MEBIBYTE
    wanted = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_CPU, int(seconds) + 1),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_NOFILE, 64),
    ]
    if sys.platform == "linux":  # elsewhere the address space of an idle process is already enormous
        wanted.append((resource.RLIMIT_AS, memory))
    for name, most in wanted:
        _, hard = resource.getrlimit(name)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(name, (most, most))


def _address_space() -> int:
    """Bytes of address space that this process already has."""
    if sys.platform != "linux":
        return 0
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def become(uid: int | None) -> None:
    """Drop root for good."""
    if uid is None:
        return
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def die_with_parent(parent: int) -> None:
    """Linux: no new privileges, no reading of our memory, and death when the grader dies. After `become`."""
    if sys.platform != "linux":
        return
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for option, value in ((PR_SET_NO_NEW_PRIVS, 1), (PR_SET_DUMPABLE, 0), (PR_SET_PDEATHSIG, signal.SIGKILL)):
        prctl(option, value, 0, 0, 0)
    if os.getppid() != parent:  # it died just before
        os._exit(0)


def forget_where_modules_are() -> None:
    """From now on an import finds what is already loaded, or nothing: the same on every machine, whoever owns it."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not PathFinder]  # packages know their own paths
    sys.path.clear()
    sys.path_importer_cache.clear()
    sys.argv[:] = [""]
    os.environ.clear()
