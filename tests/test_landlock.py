"""Landlock: a process without files, without network, and without anybody to signal."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
import textwrap
from pathlib import Path

import pytest
from programs import BECOME_ORDINARY, needs_new_privileges, run_program

from autograder.sandbox.landlock import landlock_abi, make_ruleset, ruleset_attributes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Landlock is Linux's")

ABI = landlock_abi()
NEWEST = 7
"""The newest version that we know."""


def needs(abi: int) -> pytest.MarkDecorator:
    return pytest.mark.skipif(abi > ABI, reason=f"Landlock has version {ABI} here; {abi} is needed")


# ---- the ruleset -------------------------------------------------------------------------------------------

RIGHTS = {
    1: (13,),
    2: (14,),
    3: (15,),
    4: (15, 2),
    5: (16, 2),
    6: (16, 2, 2),
    7: (16, 2, 2),
    8: (16, 2, 2),
    99: (16, 2, 2),
}
"""How many rights on files and on the network, and how many scopes, each version knows; newer ones are not asked."""


@pytest.mark.parametrize(("abi", "counts"), list(RIGHTS.items()), ids=[f"version-{abi}" for abi in RIGHTS])
def test_a_version_is_asked_for_all_that_it_knows_and_no_more(abi: int, counts: tuple[int, ...]) -> None:
    """An older kernel refuses a ruleset with bits that it does not know, and there would be no wall at all."""
    assert ruleset_attributes(abi) == struct.pack(f"={len(counts)}Q", *((1 << count) - 1 for count in counts))


def kernel_says(attributes: bytes) -> int:
    """0 where the kernel makes a ruleset of these attributes, its errno where it refuses."""
    syscall = ctypes.CDLL(None, use_errno=True).syscall
    descriptor = syscall(ctypes.c_long(444), attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
    if descriptor < 0:
        return ctypes.get_errno()
    os.close(descriptor)
    return 0


@pytest.mark.parametrize("abi", range(1, NEWEST + 1))
def test_a_kernel_takes_the_ruleset_of_its_own_version_and_of_older_ones(abi: int) -> None:
    """So that the rows for kernels that are not here have been seen by one, too."""
    if abi > ABI:
        pytest.skip(f"Landlock has version {ABI} here")

    assert kernel_says(ruleset_attributes(abi)) == 0


@needs(1)
@pytest.mark.skipif(ABI > NEWEST, reason="this kernel knows more than we do")
@pytest.mark.parametrize("field", range(3))
def test_no_right_that_the_kernel_knows_is_missing(field: int) -> None:
    """One bit more, in any field, is one that the kernel has never heard of."""
    handled = [*struct.unpack(f"={len(ruleset_attributes(ABI)) // 8}Q", ruleset_attributes(ABI)), 0, 0][:3]
    handled[field] = handled[field] << 1 | 1

    assert kernel_says(struct.pack("=3Q", *handled)) in (errno.EINVAL, errno.E2BIG)


@needs(1)
def test_a_ruleset_is_closed_on_exec() -> None:
    """Whatever the process starts has the wall itself, and need not have the plan of it."""
    ruleset = make_ruleset()
    assert ruleset is not None
    try:
        assert not os.get_inheritable(ruleset)
    finally:
        os.close(ruleset)


@pytest.mark.skipif(ABI > 0, reason="there is Landlock here")
def test_without_landlock_there_is_no_ruleset() -> None:
    """That it is absent is an answer, not an error."""
    assert make_ruleset() is None


@needs(1)
def test_what_is_no_ruleset_is_an_error() -> None:
    """And nothing is given up: files can still be opened."""
    done = run_program(
        "from autograder.sandbox.landlock import restrict_self\n"
        "give_up_new_privileges()\n"
        "for descriptor in (1, -1):\n"
        "    try:\n"
        "        restrict_self(descriptor)\n"
        "    except OSError as error:\n"
        "        print(errno.errorcode[error.errno])\n"
        "open('/dev/null').close()\n"
    )

    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["EBADFD", "EBADF"], "")


@needs(1)
@needs_new_privileges
def test_an_ordinary_user_has_to_give_up_new_privileges_first() -> None:
    """The kernel's own rule, told by its own error."""
    done = run_program(
        "from autograder.sandbox.landlock import make_ruleset, restrict_self\n"
        f"{BECOME_ORDINARY}\n"
        "try:\n"
        "    restrict_self(make_ruleset())\n"
        "except OSError as error:\n"
        "    print(errno.errorcode[error.errno])\n"
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "EPERM\n", "")


# ---- behind it ---------------------------------------------------------------------------------------------

PROGRAM = """
import socket
from autograder.sandbox.landlock import make_ruleset, restrict_self

listener = socket.create_server(("127.0.0.1", 0))
abstract = socket.socket(socket.AF_UNIX)
abstract.bind("")
abstract.listen()

def outcome(time):
    try:
{attempt}
    except PermissionError:
        return "refused"
    return "done"

print(outcome("before"))
give_up_new_privileges()
restrict_self(make_ruleset())
print(outcome("after"))
"""

ATTEMPTS = {
    "open-a-file": (1, "open('readable').close()"),
    "open-a-file-of-the-system": (1, "open('/proc/self/status').close()"),
    "change-a-file": (1, "open('readable', 'a').close()"),
    "make-a-file": (1, "open(time, 'x').close()"),
    "make-a-folder": (1, "os.mkdir(time)"),
    "make-a-link": (1, "os.symlink('readable', time)"),
    "make-a-fifo": (1, "os.mkfifo(time)"),
    "remove-a-file": (1, "os.unlink(f'old-{time}')"),
    "list-a-folder": (1, "os.listdir('.')"),
    "list-the-root": (1, "os.listdir('/')"),
    "start-a-program": (1, "os.posix_spawn('/bin/sh', ['sh', '-c', ':'], {})"),
    "truncate-a-file": (3, "os.truncate('readable', 0)"),
    "connect": (4, "socket.create_connection(listener.getsockname()).close()"),
    "listen": (4, "socket.create_server(('127.0.0.1', 0)).close()"),
    "connect-to-an-abstract-name": (6, "socket.socket(socket.AF_UNIX).connect(abstract.getsockname())"),
    "signal-the-parent": (6, "os.kill(os.getppid(), 0)"),
}
"""What is tried, and the version of Landlock that forbids it. All of it is possible before."""


@pytest.mark.parametrize(
    "attempt", [pytest.param(text, id=name, marks=needs(abi)) for name, (abi, text) in ATTEMPTS.items()]
)
def test_what_was_possible_before_is_refused_behind_it(
    attempt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder that everybody may write, and also for root."""
    monkeypatch.chdir(tmp_path)
    for name in ("readable", "old-before", "old-after"):
        (tmp_path / name).write_text("text", encoding="utf-8")
        (tmp_path / name).chmod(0o666)

    done = run_program(PROGRAM.format(attempt=textwrap.indent(attempt, " " * 8)))

    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["done", "refused"], "")


@needs(1)
def test_what_is_open_already_stays_usable() -> None:
    """As the channel to the grader is."""
    done = run_program(
        "from autograder.sandbox.landlock import make_ruleset, restrict_self\n"
        "reading, writing = os.pipe()\n"
        "give_up_new_privileges()\n"
        "restrict_self(make_ruleset())\n"
        "os.write(writing, b'still here')\n"
        "print(os.read(reading, 100).decode())\n"
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "still here\n", "")


@needs(1)
def test_both_walls_stand_one_behind_the_other() -> None:
    """Landlock first: the filter refuses its calls from then on."""
    done = run_program(
        "from autograder.sandbox.landlock import make_ruleset, restrict_self\n"
        "from autograder.sandbox.seccomp import install_filter, make_filter\n"
        "ruleset, program = make_ruleset(), make_filter(os.uname().machine)\n"
        "give_up_new_privileges()\n"
        "restrict_self(ruleset)\n"
        "install_filter(program)\n"
        "try:\n"
        "    restrict_self(ruleset)\n"
        "except PermissionError:\n"
        "    print('refused')\n"
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "refused\n", "")
