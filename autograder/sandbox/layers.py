"""What a worker gives up before it looks at the first byte of a student: one function a layer, in their order.

Each layer is tried, and each may be missing: on another system, under an old kernel, in a container that forbids it.
What took hold is told to the grader before any student's code runs; whether it has the effect is for `probe` to show.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from autograder.sandbox.landlock import make_ruleset, restrict_self
from autograder.sandbox.seccomp import install_filter, make_filter

if sys.platform != "win32":
    import resource

MEBIBYTE = 1 << 20
PAGE = mmap.PAGESIZE

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_SET_CHILD_SUBREAPER = 1, 4, 38, 36

CHANNEL, RULESET = 3, 4
"""The descriptor through which a worker talks to the grader, and that of its Landlock ruleset, until it is applied.
0, 1 and 2 lead nowhere, and there is no other one."""

MOST_DESCRIPTORS = 16


class Unavailable(Exception):
    """A layer that this system, this kernel or this user does not have: the reason, in words."""


@dataclass(frozen=True)
class Confines:
    """What the layers need to know. `uid` is None where the grader is not root; `ruleset` and `program` are those of
    Landlock and seccomp, made once before the fork, or None; `parent` is the process without which a worker dies."""

    folder: str
    uid: int | None
    parent: int
    memory: int
    seconds: float
    ruleset: int | None
    program: bytes | None


def make_walls(machine: str) -> tuple[int | None, bytes | None]:
    """The Landlock ruleset and the seccomp filter of this machine, None where it has none. Before the fork, once."""
    if sys.platform != "linux":
        return None, None
    try:
        return make_ruleset(), make_filter(machine)
    except OSError:  # a container that forbids the call
        return None, make_filter(machine)


def take_leave(confines: Confines, without: Collection[str] = ()) -> dict[str, str]:
    """Give everything up, layer by layer. For each one that did not take hold, the reason.

    Those in `without` are left out: the proof shows what each layer is for.
    """
    missing = {}
    for name, give_up in LAYERS.items():
        if name in without:
            missing[name] = "left out"
            continue
        try:
            give_up(confines)
        except Unavailable as reason:
            missing[name] = str(reason)
        except (OSError, ValueError) as error:
            missing[name] = getattr(error, "strerror", None) or str(error)
    return missing


# ---- the layers --------------------------------------------------------------------------------------------


def leave_the_session(_: Confines) -> None:
    """A session of its own: no terminal, and no signals that are meant for others."""
    if os.getsid(0) != os.getpid():
        os.setsid()


def keep_one_descriptor(confines: Confines) -> None:
    """Close everything but the channel. `print` costs nothing and says nothing."""
    os.closerange(RULESET + 1, 1 << 16)
    if confines.ruleset is None:
        os.closerange(RULESET, RULESET + 1)


def forget_the_environment(_: Confines | None = None) -> None:
    """No variables, no arguments, and what is created is nobody else's."""
    os.environ.clear()
    sys.argv[:] = [""]
    os.umask(0o077)


def limit_resources(confines: Confines) -> None:
    """Processor time, memory, processes, written bytes, descriptors and core dumps."""
    if sys.platform == "win32":
        raise Unavailable("Windows has no such limits")
    wanted = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, int(confines.seconds) + 1),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, MOST_DESCRIPTORS),
        (resource.RLIMIT_MEMLOCK, 0),
    ]
    if sys.platform == "linux":  # elsewhere the address space of an idle process is already enormous
        wanted.append((resource.RLIMIT_AS, address_space() + confines.memory * MEBIBYTE))
    refused: list[OSError | ValueError] = []
    for name, most in wanted:
        try:
            _, hard = resource.getrlimit(name)
            if hard != resource.RLIM_INFINITY:
                most = min(most, hard)
            resource.setrlimit(name, (most, most))
        except (OSError, ValueError) as error:  # the other ones are as good without it
            refused.append(error)
    if refused:
        raise refused[0]


def address_space() -> int:
    """Bytes of address space that this process already has."""
    statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return int(os.read(statm, 1 << 10).split()[0]) * PAGE
    finally:
        os.close(statm)


def see_an_empty_folder(confines: Confines) -> None:
    """Root: an empty folder is all there is of the file system."""
    if confines.uid is None:
        os.chdir("/")
        raise Unavailable("only root may")
    os.chroot(confines.folder)
    os.chdir("/")


def become_nobody(confines: Confines) -> None:
    """Root: a user who owns nothing and whom no other process belongs to, for good."""
    if confines.uid is None:
        raise Unavailable("only root may")
    os.setgroups([])
    os.setresgid(confines.uid, confines.uid, confines.uid)
    os.setresuid(confines.uid, confines.uid, confines.uid)


def renounce_privileges(_: Confines | None = None) -> None:
    """No program that this process starts, whatever its bits say, may do more than it."""
    _prctl(PR_SET_NO_NEW_PRIVS, 1)


def hide_memory(_: Confines | None = None) -> None:
    """No process of the same user reads our memory. After the change of user, which undoes it."""
    _prctl(PR_SET_DUMPABLE, 0)


def die_with_parent(confines: Confines) -> None:
    """The kernel ends this process when its parent ends. After the change of user, which undoes it."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != confines.parent:  # it died just before
        os._exit(0)


def open_nothing(confines: Confines) -> None:
    """Landlock, without a rule: no file is opened, made or changed, nobody connected to, no signal sent."""
    if confines.ruleset is None:
        raise Unavailable("this kernel has no Landlock")
    restrict_self(confines.ruleset)
    os.close(confines.ruleset)


def compute_and_nothing_else(confines: Confines) -> None:
    """seccomp: of the kernel's calls, those that are left serve memory, clocks and the channel."""
    if confines.program is None:
        raise Unavailable("no filter for this system")
    install_filter(confines.program)


def adopt_orphans() -> None:
    """For the parent of workers: what a worker leaves behind becomes its child, and so can be found."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


LAYERS: Mapping[str, Callable[[Confines], None]] = {
    "session": leave_the_session,
    "descriptors": keep_one_descriptor,
    "environment": forget_the_environment,
    "limits": limit_resources,
    "folder": see_an_empty_folder,
    "user": become_nobody,
    "privileges": renounce_privileges,
    "memory": hide_memory,
    "parent": die_with_parent,
    "landlock": open_nothing,
    "seccomp": compute_and_nothing_else,
}
"""In the order in which they are applied: each one takes away what the ones before it needed."""


_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
"""Made once, before the fork."""


def _prctl(option: int, value: int) -> None:
    if _LIBC is None:
        raise Unavailable("only Linux has it")
    if _LIBC.prctl(option, value, 0, 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
