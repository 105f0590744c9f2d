"""A program that grades hostile files inside a configuration, and says in JSON what came of each: one line a file.

`python tests/confinement.py CONFIGURATION LAYERS-TO-LEAVE-OUT FILE...` becomes what the configuration says, for good,
and opens one sandbox for all files. `run` starts it as root among processes of its own, without a network, and with a
/tmp whose changes nobody else sees: what gets through in a weak configuration meets nobody.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parent
NOBODY = 65534

APART = (
    *("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "--net", "--ipc"),
    *("/bin/sh", "-c", '"$@"; exit $?', "sh"),  # the first process of its kind, which nobody there can kill
)

CAPABILITIES = 0xA80425FB
"""Those of root in a container, unless it is given more, a bit each: chown, dac_override, fowner, fsetid, kill, setgid,
setuid, setpcap, net_bind_service, net_raw, sys_chroot, mknod, audit_write and setfcap."""

REFUSED_IN_CONTAINERS = (
    *("acct", "add_key", "bpf", "clock_adjtime", "clock_settime", "create_module", "delete_module", "finit_module"),
    *("fsconfig", "fsmount", "fsopen", "fspick", "get_kernel_syms", "init_module", "io_uring_enter"),
    *("io_uring_register", "io_uring_setup", "ioperm", "iopl", "kcmp", "kexec_file_load", "kexec_load", "keyctl"),
    *("lookup_dcookie", "mbind", "mount", "move_mount", "move_pages", "name_to_handle_at", "nfsservctl"),
    *("open_by_handle_at", "open_tree", "perf_event_open", "personality", "pivot_root", "query_module", "quotactl"),
    *("reboot", "request_key", "set_mempolicy", "setns", "settimeofday", "stime", "swapoff", "swapon", "_sysctl"),
    *("sysfs", "umount2", "unshare", "uselib", "userfaultfd", "ustat", "vm86", "vm86old"),
)
"""The system calls that a container's usual profile refuses, as its documentation lists them, but for `clone`, which
depends on an argument, and `clone3`, which answers that there is no such call. It lets some personalities pass."""

NEW_NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")


class Broken(Exception):
    """The program ended early: the last line of what it said, its exit code, and all of what it said."""


def run(configuration: str, without: Sequence[str], files: Sequence[Path]) -> Any:
    """What the program says: first of its sandbox, then of each file. Root only; raises LookupError where the
    configuration cannot be had, and Broken if the program ends early."""
    parts = configuration.split(", ")
    python = _readable_python() if "user" in parts else sys.executable
    if not _can_be_apart():
        raise LookupError("no namespaces for processes, mounts and the network here")
    if not {"root", "user"}.issuperset(parts) and not _has_libseccomp():
        raise LookupError("the library libseccomp.so.2 is not on this machine")
    done = subprocess.run(
        [*APART, python, "-S", str(Path(__file__)), configuration, ",".join(without), *map(str, files)],
        env=_environment(python),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Broken(done.stderr.rstrip().rpartition("\n")[2], done.returncode, done.stderr)
    first, *lines = map(json.loads, done.stdout.splitlines())
    return first, {line["file"]: line for line in lines}


@cache
def _can_be_apart() -> bool:
    return shutil.which(APART[0]) is not None and subprocess.run([*APART, "true"], check=False).returncode == 0


@cache
def _has_libseccomp() -> bool:
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return False
    return True


@cache
def _readable_python() -> str:
    """An interpreter that nobody in particular may run, with numpy and all of ours. Raises LookupError."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, shutil.which(version, path="/usr/bin:/usr/local/bin")):
        if candidate is not None and _can_be_run_by_anybody(candidate):
            return candidate
    raise LookupError(f"no {version} that an ordinary user can read, with numpy and the repository")


def _can_be_run_by_anybody(python: str) -> bool:
    program = "import json, numpy, autograder.grading, conftest, pytest"
    try:
        done = subprocess.run(
            [python, "-S", "-c", program], user=NOBODY, group=NOBODY, extra_groups=[], env=_environment(python),
            cwd="/", capture_output=True, check=False,
        )  # fmt: skip
    except OSError:
        return False
    return done.returncode == 0


def _environment(python: str) -> dict[str, str]:
    """Where the program finds what this process has; but another interpreter brings its own standard library."""
    library = os.path.dirname(os.__file__)
    paths = [str(TESTS), *(path for path in sys.path if path and os.path.exists(path))]
    if python != sys.executable:
        paths = [path for path in paths if not path.startswith(library) or "site" in path]
    return {"PYTHONPATH": os.pathsep.join(paths), "PATH": os.environ.get("PATH", os.defpath), "OMP_NUM_THREADS": "1"}


# ---- inside: to become what a configuration says -----------------------------------------------------------


def _change_nothing_outside() -> None:
    """What is written into /tmp and /dev/shm from now on is in memory, and is gone with the last of these processes."""
    shared, upper, work = "/dev/shm", "/dev/shm/upper", "/dev/shm/work"
    _mount("-t", "tmpfs", "tmpfs", shared)
    os.mkdir(upper)
    os.chmod(upper, 0o1777)
    os.mkdir(work)
    _mount("-t", "overlay", "overlay", "-o", f"lowerdir=/tmp,upperdir={upper},workdir={work}", "/tmp")
    _mount("-t", "tmpfs", "tmpfs", shared)


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def _become_an_ordinary_user() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _enter_a_container(without_landlock: bool) -> None:
    """As its usual profile, and the capabilities that it leaves to root."""
    _profile(without_landlock).load()
    _keep_capabilities(CAPABILITIES)


def container_profile() -> bytes:
    """The same profile as a compiled program, for whoever starts something under it."""
    with tempfile.TemporaryFile() as file:
        _profile(without_landlock=False).export_bpf(file)
        file.seek(0)
        return file.read()


def _profile(without_landlock: bool) -> Any:
    import pyseccomp

    profile = _make_filter()
    for name in REFUSED_IN_CONTAINERS:
        _refuse(profile, name, "EPERM")
    for flag in NEW_NAMESPACES:
        _refuse(profile, "clone", "EPERM", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    _refuse(profile, "clone3", "ENOSYS")
    for name in LANDLOCK if without_landlock else ():
        _refuse(profile, name, "ENOSYS")
    return profile


def _keep_capabilities(kept: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for number in range(64):
        if not kept >> number & 1:
            libc.prctl(24, number, 0, 0, 0)  # out of the bounding set; beyond the last one, the kernel says so
    low, high = kept & 0xFFFFFFFF, kept >> 32
    header = struct.pack("=Ii", 0x20080522, 0)
    assert libc.capset(header, struct.pack("=6I", low, low, 0, high, high, 0)) == 0, os.strerror(ctypes.get_errno())


def _be_refused(call: str, error: str, argument: str = "", value: str = "") -> None:
    """One system call; or only where one of its arguments has a value."""
    import pyseccomp

    broken = _make_filter()
    _refuse(broken, call, error, *([pyseccomp.Arg(int(argument), pyseccomp.EQ, int(value))] if argument else []))
    broken.load()


def _make_filter() -> Any:
    """One that allows all, and leaves new privileges as they are."""
    import pyseccomp

    empty = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    empty.set_attr(pyseccomp.Attr.CTL_NNP, 0)
    return empty


def _refuse(wall: Any, call: str, error: str, *arguments: Any) -> None:
    import pyseccomp

    number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, call)
    if number >= 0:  # else a call of another kind of machine
        wall.add_rule(pyseccomp.ERRNO(getattr(errno, error)), number, *arguments)


CONFIGURATIONS: Mapping[str, Callable[..., None]] = {
    "root": lambda: None,
    "user": _become_an_ordinary_user,
    "container": partial(_enter_a_container, without_landlock=False),
    "old-container": partial(_enter_a_container, without_landlock=True),
    "refusing": _be_refused,
}
"""By the first word of each part of a configuration; the words after it are for the function. In the configuration
`refusing prctl EPERM 0 4, user`, a call is refused, and then the process is no longer root."""


# ---- inside: to grade --------------------------------------------------------------------------------------


def _outcomes(without: Sequence[str], files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """First of the sandbox: what the grader is, which walls stand, what is possible, and the missing layers.

    Then of each file: how each question ended, and each training run if it attacks one, and its score; or why it was
    not graded; and the score of the solution, graded next.
    """
    from runs import with_training
    from test_learn import LINE, XOR, deck_of, ending_of
    from test_sandbox import SOLUTION, ending, script

    from autograder.errors import SandboxError
    from autograder.exams import SEED
    from autograder.grading import grade
    from autograder.records import Limits, ReportOutcome
    from autograder.sandbox.client import Sandbox
    from autograder.sandbox.nest import Nest
    from conftest import exam_of_functions

    functions = exam_of_functions(SEED)
    limits = Limits(load=2.0, call=1.0, memory=256)
    trained = with_training(functions)
    exam = replace(functions, assignment=replace(trained.assignment, limits=limits))
    whole = deck_of(*exam.deck.cases, *trained.deck.cases)
    with Sandbox(exam.assignment, Nest(without=without)) as sandbox:
        isolation = sandbox.probe()
        yield {
            "self": _what_we_are(),
            "walls": isolation.walls,
            "possible": [name for wall in isolation.possible.values() for name in wall],
            "missing": isolation.missing,
        }
        right = sandbox.answer(script(SOLUTION), whole).cases[-2:]
        for file in files:
            try:
                report = grade(exam, script(file), sandbox)
            except SandboxError as error:
                after = grade(exam, script(SOLUTION), sandbox)
                yield {"file": file.stem, "endings": {}, "ungraded": str(error), "next": after.score}
                continue
            assert report.outcome is ReportOutcome.GRADED, report.notes
            endings = {question.name: ending(question) for question in report.questions}
            if file.parent.name == "hostile-runs":
                answered = sandbox.answer(script(file), whole, only=[XOR]).cases[-2:]
                endings[XOR] = ending_of(answered[0], right[0])
                answered = sandbox.answer(script(file), whole, only=[LINE]).cases[-2:]
                endings[LINE] = ending_of(answered[1], right[1])
            after = grade(exam, script(SOLUTION), sandbox)
            yield {"file": file.stem, "endings": endings, "score": report.score, "next": after.score}


def _what_we_are() -> dict[str, str]:
    """What the kernel thinks that this process may do."""
    status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":\t" in line)
    return {name: status[name].split()[0] for name in ("Uid", "CapEff", "CapBnd", "NoNewPrivs", "Seccomp_filters")}


if __name__ == "__main__":
    wanted, layers, *paths = sys.argv[1:]
    _change_nothing_outside()
    for name, *words in map(str.split, wanted.split(", ")):
        CONFIGURATIONS[name](*words)
    for line in _outcomes([layer for layer in layers.split(",") if layer], list(map(Path, paths))):
        print(json.dumps(line), flush=True)
