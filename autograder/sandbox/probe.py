"""What a worker can still do, tried: a layer counts as active only when its effect is seen.

A probe is a worker with all its layers, in which our own code tries to get out. It runs once, before any submission.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import sys
import threading
from collections.abc import Callable, Mapping

from autograder.sandbox import wire

Target = Mapping[str, str]

AF_UNIX, AF_INET, SOCK_STREAM, SOCK_DGRAM = 1, 2, 1, 2
IPC_PRIVATE = 0


def try_everything(target: Target, send: Callable[[int, int, bytes], None]) -> None:
    """Say of each attempt whether it succeeded; the last one, for which the kernel may kill us, by itself."""
    results = {name: _try(attempt, target) for name, (_, attempt) in ATTEMPTS.items()}
    send(wire.PROBED, 0, wire.encode_probed(results))
    send(wire.PROBED, 1, wire.encode_probed({LAST: _try(_reads_memory_of_grader, target)}))


def _try(attempt: Callable[[Target], None], target: Target) -> str:
    """Nothing when it was refused, else a word that says that it was not."""
    try:
        attempt(target)
    except (OSError, MemoryError, RuntimeError, ValueError):
        return ""
    return "possible"


# ---- files -------------------------------------------------------------------------------------------------


def _reads_a_file(target: Target) -> None:
    with open(target["canary"], "rb") as file:
        file.read(1)


def _creates_a_file(target: Target) -> None:
    for folder in (target["folder"], "/tmp", "."):
        path = os.path.join(folder, f"grader-probe-{os.getpid()}")
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError:
            continue
        os.unlink(path)
        return
    raise PermissionError


def _lists_a_folder(target: Target) -> None:
    if not os.listdir(target["folder"]):
        raise FileNotFoundError


def _sees_whether_a_file_is_there(target: Target) -> None:
    os.stat(target["canary"])


# ---- net ---------------------------------------------------------------------------------------------------


def _socket(family: int, kind: int) -> None:
    os.close(_call("socket", family, kind, 0))


def _opens_an_internet_socket(_: Target) -> None:
    _socket(AF_INET, SOCK_STREAM)


def _opens_a_datagram_socket(_: Target) -> None:
    _socket(AF_INET, SOCK_DGRAM)


def _opens_a_local_socket(_: Target) -> None:
    _socket(AF_UNIX, SOCK_STREAM)


def _shares_memory_by_number(_: Target) -> None:
    number = _call("shmget", IPC_PRIVATE, mmap.PAGESIZE, 0o600)
    _call("shmctl", number, 0, None)  # removes it


# ---- processes ---------------------------------------------------------------------------------------------


def _forks(_: Target) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _starts_a_thread(_: Target) -> None:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def _runs_a_program(_: Target) -> None:
    # Where it could be run, the kernel's answer is that the argument is too long: it looks for the file before.
    for program in (sys.executable, "/bin/sh"):
        try:
            os.execve(program, ["x" * (1 << 18)], {})
        except OSError as error:
            if error.errno == errno.E2BIG:
                return
    raise PermissionError


def _signals_its_parent(_: Target) -> None:
    os.kill(os.getppid(), 0)


def _signals_the_grader(target: Target) -> None:
    os.kill(int(target["grader"]), 0)


def _opens_memory_of_grader(target: Target) -> None:
    for pid in (target["grader"], str(os.getppid())):
        try:
            os.close(os.open(f"/proc/{pid}/mem", os.O_RDONLY))
        except OSError:
            continue
        return
    raise PermissionError


class _Part(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


def _reads_memory_of_grader(target: Target) -> None:
    buffer = ctypes.create_string_buffer(8)
    here = _Part(ctypes.addressof(buffer), 8)
    there = _Part(int(target["address"]), 8)
    _call("process_vm_readv", int(target["grader"]), ctypes.byref(here), 1, ctypes.byref(there), 1, 0)


# ---- memory ------------------------------------------------------------------------------------------------


def _takes_more_memory(target: Target) -> None:
    mmap.mmap(-1, int(target["memory"])).close()


def _sees_the_environment(_: Target) -> None:
    if not os.environ:
        with open("/proc/self/environ", "rb") as file:
            if not file.read(1):
                raise PermissionError


ATTEMPTS: Mapping[str, tuple[str, Callable[[Target], None]]] = {
    "read a file": ("files", _reads_a_file),
    "create a file": ("files", _creates_a_file),
    "list a folder": ("files", _lists_a_folder),
    "see whether a file is there": ("files", _sees_whether_a_file_is_there),
    "see the environment": ("files", _sees_the_environment),
    "open an internet socket": ("net", _opens_an_internet_socket),
    "open a datagram socket": ("net", _opens_a_datagram_socket),
    "open a local socket": ("net", _opens_a_local_socket),
    "share memory with other processes": ("net", _shares_memory_by_number),
    "start a process": ("proc", _forks),
    "start a thread": ("proc", _starts_a_thread),
    "run a program": ("proc", _runs_a_program),
    "signal its parent": ("proc", _signals_its_parent),
    "signal the grader": ("proc", _signals_the_grader),
    "open memory of the grader": ("proc", _opens_memory_of_grader),
    "take more memory than the limit": ("mem", _takes_more_memory),
}
"""What is tried, and the wall that should refuse it."""

LAST = "read memory of the grader"
"""The attempt for which the kernel may kill the probe, which refuses it just as well. Its wall is "proc"."""

WALLS: Mapping[str, str] = {**{name: wall for name, (wall, _) in ATTEMPTS.items()}, LAST: "proc"}


def target_of(canary: str, folder: str, memory: int) -> dict[str, str]:
    """What a probe is told. In the grader: its own number, and the address of eight of its bytes."""
    return {
        "canary": canary,
        "folder": folder,
        "memory": str(memory),
        "grader": str(os.getpid()),
        "address": str(ctypes.addressof(_OURS)),
    }


_OURS = ctypes.create_string_buffer(8)
"""Bytes of this process, for a probe of it to read."""


def _call(name: str, *arguments: object) -> int:
    number: int = getattr(_LIBC, name)(*arguments)
    if number == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return number


_LIBC = ctypes.CDLL(None, use_errno=True)
