"""A system that refuses one call: the same grades, and the layer that is missing is told; or a whole sentence."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import pytest
from confinement import Broken, run

from autograder.sandbox.probe import WALLS
from conftest import SOLUTIONS, SUBMISSIONS

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can be refused a call"),
]

FILES = [
    SOLUTIONS / "solution.py",
    SOLUTIONS / "wrong" / "multiply" / "no-unbroadcast.py",
    *(SUBMISSIONS / "hostile" / f"{name}.py" for name in ("ends-the-process", "writes-a-file")),
]

NOT_PERMITTED = "Operation not permitted"
NO_CALL = "Function not implemented"

SOCKETS = tuple(name for name, wall in WALLS.items() if wall == "net")
NO_WALL_LEFT = (
    *("read a file", "create a file", "list a folder", "see whether a file is there", *SOCKETS),
    *("run a program", "signal its parent", "signal the grader"),
)

ROOT_ONLY = {"folder": "only root may", "user": "only root may"}
OLD_KERNEL = {"landlock": "this kernel has no Landlock"}
NO_FILTER = {"seccomp": NOT_PERMITTED}

PDEATHSIG, DUMPABLE, SUBREAPER, NO_NEW_PRIVS = 1, 4, 36, 38
RLIMIT_NPROC, RLIMIT_AS = 6, 9
F_ADD_SEALS = 1033
SIGUSR1, SIGUSR2 = 10, 12
MAP_SHARED = 1

GOES_ON: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "landlock_create_ruleset EPERM": (OLD_KERNEL, ()),
    "landlock_create_ruleset ENOSYS": (OLD_KERNEL, ()),
    "landlock_restrict_self EPERM": ({"landlock": NOT_PERMITTED}, ()),
    "seccomp EPERM": (NO_FILTER, SOCKETS),
    "seccomp ENOSYS": ({"seccomp": NO_CALL}, SOCKETS),
    f"prctl EPERM 0 {PDEATHSIG}": ({"parent": NOT_PERMITTED}, ()),
    f"prctl EPERM 0 {DUMPABLE}": ({"memory": NOT_PERMITTED}, ()),
    f"prctl EPERM 0 {SUBREAPER}": ({}, ()),
    f"prctl EPERM 0 {NO_NEW_PRIVS}": (
        {"privileges": NOT_PERMITTED, "landlock": NOT_PERMITTED, "seccomp": "Permission denied"},
        SOCKETS,
    ),
    "chroot EPERM": ({"folder": NOT_PERMITTED}, ()),
    "setresuid EPERM": ({"user": NOT_PERMITTED}, ()),
    "setresgid EPERM": ({"user": NOT_PERMITTED}, ()),
    "getsid EPERM": ({"session": NOT_PERMITTED}, ()),
    "prlimit64 EPERM": ({"limits": NOT_PERMITTED}, ("take more memory than the limit",)),
    f"prlimit64 EPERM 1 {RLIMIT_NPROC}": ({"limits": NOT_PERMITTED}, ()),
    f"prlimit64 EPERM 1 {RLIMIT_AS}": ({"limits": NOT_PERMITTED}, ("take more memory than the limit",)),
    "close_range EPERM": ({}, ()),
    "close_range ENOSYS": ({}, ()),
    "memfd_create EPERM": ({}, ()),
    "memfd_create ENOSYS": ({}, ()),
    "memfd_create EPERM, refusing ftruncate EPERM": ({}, ()),
    f"fcntl EPERM 1 {F_ADD_SEALS}": ({}, ()),
    "ftruncate ENOSPC": ({}, ()),
    f"mmap ENODEV 3 {MAP_SHARED}": ({}, ()),
    "pidfd_open EPERM": ({}, ()),
    "pidfd_open ENOSYS": ({}, ()),
    "pidfd_send_signal EPERM": ({}, ()),
    "pidfd_send_signal ENOSYS": ({}, ()),
    "kill EPERM": ({}, ()),
    "madvise EPERM": ({}, ()),
    "mremap EPERM": ({}, ()),
    "sched_getaffinity EPERM": ({}, ()),
    "getrandom ENOSYS": ({}, ()),
    "clone3 ENOSYS": ({}, ()),
    "vfork EPERM": ({}, ()),
    f"rt_sigaction EPERM 0 {SIGUSR1}": ({}, ()),
    "unlinkat EPERM": ({}, ()),
    # An ordinary user has two walls that refuse the same, and each one stands without the other.
    "landlock_create_ruleset ENOSYS, user": ({**ROOT_ONLY, **OLD_KERNEL}, ()),
    "seccomp EPERM, user": ({**ROOT_ONLY, **NO_FILTER}, ("see whether a file is there", *SOCKETS)),
    "landlock_create_ruleset ENOSYS, refusing seccomp EPERM, user": (
        {**ROOT_ONLY, **OLD_KERNEL, **NO_FILTER},
        NO_WALL_LEFT,
    ),
    f"prctl EPERM 0 {NO_NEW_PRIVS}, user": (
        {**ROOT_ONLY, "privileges": NOT_PERMITTED, "landlock": NOT_PERMITTED, "seccomp": "Permission denied"},
        NO_WALL_LEFT,
    ),
}
"""What is refused, and how → the layers that are missing, with the reason, and what has become possible."""

NO_OTHER_USER = (
    "This process is root, but may not become another user (Operation not permitted). Run the grader as an ordinary "
    "user, or give the container the capabilities SETUID and SETGID."
)
NO_FOLDER = "It needs an empty folder: set TMPDIR to where one can be made."

STOPS = {
    "setgroups EPERM": NO_OTHER_USER,
    "setreuid EPERM": NO_OTHER_USER,
    "setregid EPERM": NO_OTHER_USER,
    "setsid EPERM": "No worker could be started: [Errno 1] Operation not permitted: '/tmp/grader-worker-…'.",
    "socketpair EMFILE": "No worker could be started: [Errno 24] Too many open files.",
    "mkdir ENOSPC": (
        f"No worker could be started: [Errno 28] No space left on device: '/tmp/grader-worker-…'. {NO_FOLDER}"
    ),
    "unlink EROFS": (
        "No worker could be started: [Errno 2] No usable temporary directory found in ['/tmp', '/var/tmp', '/usr/tmp', "
        f"'/']. {NO_FOLDER}"
    ),
}
"""What is refused, and how → why there is no grading here."""


def run_refused(refusal: str) -> Any:
    try:
        return run(f"refusing {refusal}", (), FILES)
    except LookupError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def usual() -> Any:
    """What becomes of the files where nothing is refused."""
    try:
        return run("root", (), FILES)[1]
    except LookupError as error:
        pytest.skip(str(error))


def check_that_it_goes_on(refusal: str, missing: dict[str, str], possible: tuple[str, ...], usual: Any) -> None:
    sandbox, outcomes = run_refused(refusal)

    assert sandbox["missing"] == missing
    assert sandbox["possible"] == list(possible)
    assert outcomes == usual


SOME = ("seccomp ENOSYS", "pidfd_send_signal ENOSYS", f"mmap ENODEV 3 {MAP_SHARED}")


@pytest.mark.parametrize("refusal", SOME)
def test_what_a_system_refuses_is_told_and_costs_no_grade(refusal: str, usual: Any) -> None:
    """Of each file, every ending and the score are the same; the layer that is missing has its reason. A sample."""
    check_that_it_goes_on(refusal, *GOES_ON[refusal], usual)


@pytest.mark.proof
@pytest.mark.parametrize("refusal", GOES_ON)
def test_whatever_a_system_refuses_is_told_and_costs_no_grade(refusal: str, usual: Any) -> None:
    """Each call that a layer or an exchange with workers needs."""
    check_that_it_goes_on(refusal, *GOES_ON[refusal], usual)


def check_that_it_stops(refusal: str) -> None:
    with pytest.raises(Broken) as raised:
        run_refused(refusal)

    said = re.sub(r"grader-worker-\w+", "grader-worker-…", raised.value.args[0])
    assert said == f"autograder.errors.SandboxError: {STOPS[refusal]}"


def test_a_system_without_which_there_is_no_grading_is_told_in_a_sentence() -> None:
    """To whoever grades, before the first submission; a sample."""
    check_that_it_stops("mkdir ENOSPC")


@pytest.mark.proof
@pytest.mark.parametrize("refusal", STOPS)
def test_any_system_without_which_there_is_no_grading_is_told_in_a_sentence(refusal: str) -> None:
    """Each call without which no worker can be had."""
    check_that_it_stops(refusal)
