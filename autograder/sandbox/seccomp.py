"""A filter of system calls: what a process may still ask of the kernel once it runs a student's code.

Computing is allowed, and little else. Whatever is not named answers "not permitted", so that a call that a later
kernel brings is refused, too. The filter is a program of the kernel's own small machine, a binary search over ranges
of numbers; once it is loaded, nothing takes it away again, and all that the process starts inherits it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from types import MappingProxyType

from autograder.sandbox.syscalls import NUMBERS


class Verdict(Enum):
    """What becomes of a call."""

    ALLOW = "allow"
    DATA_ONLY = "allow, unless memory would become executable"
    REFUSE = "EPERM: not permitted"
    NOT_FOUND = "ENOENT: no such file"
    AGAIN = "EAGAIN: not now, no more processes"
    NO_SUCH_CALL = "ENOSYS: this kernel does not know the call"
    KILL = "the process is killed"


RULES: Mapping[Verdict, Sequence[str]] = {
    Verdict.ALLOW: (
        # The channel, and whatever else was left open before. No lseek: a channel has no place in it to go to.
        *("read", "write", "close"),
        # Memory: the heap (brk), large arrays (mmap, and mremap when they grow); madvise is for speed only.
        *("munmap", "mremap", "brk", "madvise"),
        # Locks that wait, also with a time limit; sched_yield is in the spinning locks of Python and of OpenBLAS.
        *("futex", "sched_yield"),
        # Clocks. Mostly answered without the kernel, but not every clock, and not on every virtual machine.
        *("clock_gettime", "clock_getres", "gettimeofday", "time"),
        # `time.sleep`: Python 3.10 waits in select, later ones in clock_nanosleep; C libraries have their own ways.
        *("clock_nanosleep", "nanosleep", "pselect6", "select"),
        # The kernel's way to go on with a sleep that a stop signal interrupted; the caller never sees it.
        "restart_syscall",
        # Who it is. Most of these cannot fail, so no caller checks: refused, they would answer -1 and be believed.
        *("getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid"),
        *("getresuid", "getresgid", "getgroups"),
        # `os.cpu_count` and all that asks it for a number of threads.
        "sched_getaffinity",
        # `os.path.abspath`, which `inspect` and `pathlib` call for relative names, such as "<script>".
        "getcwd",
        # `resource.getrusage`: how much this process itself has used.
        "getrusage",
        # Seeds of `numpy.random` and `random`. Where it is refused, Python looks for /dev/urandom.
        "getrandom",
        # Handlers in this process: `signal.signal`, and the way back out of one. None of these sends a signal.
        *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn"),
        *("exit", "exit_group"),
    ),
    # mprotect: the heaps that malloc keeps for other threads. No memory becomes executable any more, so what a student
    # writes into it (by ctypes, or by an error in numpy) does not become a program.
    Verdict.DATA_ONLY: ("mmap", "mprotect"),
    # Whatever opens, looks up, lists or changes a file by its name: a late import is then "No module named", and
    # `open` says "No such file", as in an empty folder.
    Verdict.NOT_FOUND: (
        *("open", "openat", "openat2", "creat", "name_to_handle_at"),
        *("stat", "lstat", "newfstatat", "statx", "statfs", "access", "faccessat", "faccessat2"),
        *("readlink", "readlinkat", "getdents", "getdents64", "inotify_add_watch", "chdir"),
        *("execve", "execveat"),
        *("mkdir", "mkdirat", "mknod", "mknodat", "rmdir", "unlink", "unlinkat", "truncate"),
        *("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"),
        *("chmod", "fchmodat", "chown", "lchown", "fchownat", "utime", "utimes", "futimesat", "utimensat"),
        *("getxattr", "lgetxattr", "listxattr", "llistxattr"),
        *("setxattr", "lsetxattr", "removexattr", "lremovexattr"),
    ),
    # A thread or process that cannot be started is an everyday failure, with an everyday exception.
    Verdict.AGAIN: ("clone", "fork", "vfork"),
    # Its flags are behind a pointer, so no filter can read them; C libraries then fall back to clone.
    Verdict.NO_SUCH_CALL: ("clone3",),
    # Nobody comes here by accident: into other processes, into the kernel, or out of the walls.
    Verdict.KILL: (
        *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd"),
        *("bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register"),
        *("add_key", "request_key", "keyctl"),
        *("mount", "umount2", "move_mount", "open_tree", "mount_setattr", "fsopen", "fsconfig", "fsmount", "fspick"),
        *("pivot_root", "chroot", "unshare", "setns", "open_by_handle_at"),
        *("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load"),
        *("reboot", "swapon", "swapoff"),
    ),
    # Refused like all that is not named: signals, even to itself (kill, tgkill); descriptors and what they are
    # (fcntl, ioctl, dup, pipe, fstat); sockets; timers; limits; shared memory. Named is what this module itself calls.
    Verdict.REFUSE: ("seccomp",),
}
"""Verdict → the calls that get it. Each call stands in one place."""

VERDICTS: Mapping[str, Verdict] = MappingProxyType({name: one for one, names in RULES.items() for name in names})
"""What becomes of each call that has a name here; of any other, `Verdict.REFUSE`."""

# Linux's numbers, written out: Python's `errno` has those of the system that it runs on.
_ERRNO = 0x0005_0000
_RETURNS = {
    Verdict.ALLOW: 0x7FFF_0000,
    Verdict.REFUSE: _ERRNO | 1,
    Verdict.NOT_FOUND: _ERRNO | 2,
    Verdict.AGAIN: _ERRNO | 11,
    Verdict.NO_SUCH_CALL: _ERRNO | 38,
    Verdict.KILL: 0x8000_0000,
}

_ARCHITECTURES = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}

_X32 = 1 << 30
"""Numbers from here on are those of x86_64's second set of calls, which a table of the first one does not see."""

# ---- the program -------------------------------------------------------------------------------------------

_Target = int | Verdict
"""Where to go on: so many instructions further down, or to the end that carries a verdict out."""

_Instruction = tuple[int, int, _Target, _Target]
"""The operation, its number, where to go on if it holds, and if not."""

_LOAD, _EQUALS, _AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

# Where things are in `struct seccomp_data`; the architectures that we know put the low word first.
_AT_CALL, _AT_ARCHITECTURE, _AT_THIRD_LOW, _AT_THIRD_HIGH = 0, 4, 32, 36

_PROT_EXEC = 4

_DATA_ONLY_END: Sequence[_Instruction] = (
    (_LOAD, _AT_THIRD_HIGH, 0, 0),
    (_EQUALS, 0, 0, Verdict.REFUSE),  # a protection has no such bits: whoever sets them is trying something
    (_LOAD, _AT_THIRD_LOW, 0, 0),
    (_HAS_BITS, _PROT_EXEC, Verdict.REFUSE, Verdict.ALLOW),
)


def make_filter(machine: str) -> bytes | None:
    """The filter for 64-bit processes on a machine ("x86_64", "aarch64"; as `os.uname().machine` calls it).

    An array of `struct sock_filter`, little endian; None for a machine whose numbers are not in the tables.
    """
    numbers = NUMBERS.get(machine)
    if numbers is None:
        return None
    verdicts = {number: VERDICTS[name] for name, number in numbers.items()}
    return _assembled(
        [
            (_LOAD, _AT_ARCHITECTURE, 0, 0),
            (_EQUALS, _ARCHITECTURES[machine], 0, Verdict.KILL),
            (_LOAD, _AT_CALL, 0, 0),
            (_AT_LEAST, _X32, Verdict.KILL, 0),
            *_search(list(_runs(verdicts))),
        ]
    )


def _runs(verdicts: Mapping[int, Verdict]) -> Iterator[tuple[int, Verdict]]:
    """The first number of each run of numbers with one verdict, and the verdict; the last run does not end."""
    before = None
    for number in range(max(verdicts) + 2):
        verdict = verdicts.get(number, Verdict.REFUSE)
        if verdict is not before:
            yield number, verdict
        before = verdict


def _search(runs: Sequence[tuple[int, Verdict]]) -> list[_Instruction]:
    """Instructions that go to the verdict of the run which a loaded number is in; none where there is one run only."""
    if len(runs) == 1:
        return []
    middle = len(runs) // 2
    low, high = runs[:middle], runs[middle:]
    below, above = _search(low), _search(high)
    to_low: _Target = 0 if below else low[0][1]
    to_high: _Target = len(below) if above else high[0][1]
    return [(_AT_LEAST, high[0][0], to_high, to_low), *below, *above]


def _assembled(body: Sequence[_Instruction]) -> bytes:
    """The body and the ends of all verdicts as bytes. A jump reaches 255 instructions far; beyond, struct.error."""
    program = [*body, *_DATA_ONLY_END]
    ends = {Verdict.DATA_ONLY: len(body)}
    for verdict, value in _RETURNS.items():
        ends[verdict] = len(program)
        program.append((_RETURN, value, 0, 0))

    def skipped(at: int, target: _Target) -> int:
        return ends[target] - at - 1 if isinstance(target, Verdict) else target

    return b"".join(
        struct.pack("<HBBI", operation, skipped(at, holds), skipped(at, fails), number)
        for at, (operation, number, holds, fails) in enumerate(program)
    )


# ---- the kernel --------------------------------------------------------------------------------------------

_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_BYTES_AN_INSTRUCTION = 8


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
"""Made once, before the fork."""


def install_filter(program: bytes) -> None:
    """Load a filter into this process, into all its threads, for good.

    The process must have given up new privileges (`PR_SET_NO_NEW_PRIVS`), or hold CAP_SYS_ADMIN. Raises OSError with
    the errno of the kernel: EACCES where neither is so, EINVAL for a program that it does not accept, ENOSYS where
    there are no filters; EBUSY where another thread has a filter of its own, so that it cannot be made to follow.
    """
    number = None if _LIBC is None else NUMBERS.get(os.uname().machine, {}).get("seccomp")
    if _LIBC is None or number is None:
        raise OSError(errno.ENOSYS, "No filters of system calls are known for this machine")
    instructions = ctypes.create_string_buffer(program, len(program))
    header = _Program(len(program) // _BYTES_AN_INSTRUCTION, ctypes.addressof(instructions))
    _LIBC.syscall.restype = ctypes.c_long
    words = (ctypes.c_long(number), ctypes.c_uint(_SET_MODE_FILTER), ctypes.c_uint(_ALL_THREADS), ctypes.byref(header))
    result = _LIBC.syscall(*words)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    if result > 0:  # the number of the first thread that could not follow; no thread has the filter then
        raise OSError(errno.EBUSY, f"Thread {result} has a filter of system calls of its own")
