"""A program that grades hostile files inside a configuration, and says in JSON what came of each: one line a file.

`python tests/confinement.py CONFIGURATION LAYERS-TO-LEAVE-OUT FILE...`, where a configuration is root, user, container,
old-container, or refusing-CALL, in which root is refused one system call. `command` puts it there: into process numbers
and a network of its own, so that what gets through in a weak configuration meets nobody else.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parent
NOBODY = 65534

CAPABILITIES = (
    *("chown", "dac_override", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "net_bind_service"),
    *("net_raw", "sys_chroot", "mknod", "audit_write", "setfcap"),
)
"""Those of root in a container, unless it is given more."""

REFUSED = (
    *("acct", "add_key", "bpf", "clock_adjtime", "clock_settime", "create_module", "delete_module", "finit_module"),
    *("get_kernel_syms", "init_module", "io_uring_enter", "io_uring_register", "io_uring_setup", "ioperm", "iopl"),
    *("kcmp", "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "mbind", "mount", "move_mount"),
    *("move_pages", "name_to_handle_at", "nfsservctl", "open_by_handle_at", "open_tree", "perf_event_open"),
    *("personality", "pivot_root", "query_module", "quotactl", "reboot", "request_key", "set_mempolicy", "setns"),
    *("settimeofday", "stime", "swapoff", "swapon", "sysfs", "umount2", "unshare", "uselib", "userfaultfd", "ustat"),
    *("vm86", "vm86old", "fsconfig", "fsmount", "fsopen", "fspick"),
)
"""The system calls that a container's usual profile refuses, as its documentation lists them."""

NEW_NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")


def command(configuration: str, without: Sequence[str], files: Sequence[Path]) -> list[str]:
    """The command that runs this program in a configuration. Root only; raises LookupError where it cannot be had."""
    own = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "--net", "--ipc"]
    python = [sys.executable]
    if configuration == "user":
        python = [readable_python()]
    if configuration in ("container", "old-container"):
        bounds = ",".join(["-all", *(f"+{name}" for name in CAPABILITIES)])
        own += ["setpriv", "--inh-caps=-all", f"--bounding-set={bounds}"]
    return [*own, *python, "-S", str(Path(__file__)), configuration, ",".join(without), *map(str, files)]


def environment() -> dict[str, str]:
    """Where the program finds what this process has."""
    paths = [str(TESTS), *(path for path in sys.path if path and os.path.exists(path))]
    return {"PYTHONPATH": os.pathsep.join(paths), "PATH": os.environ.get("PATH", os.defpath), "OMP_NUM_THREADS": "1"}


@cache
def readable_python() -> str:
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
            [python, "-S", "-c", program], user=NOBODY, group=NOBODY, extra_groups=[], env=_without_own_library(python),
            cwd="/", capture_output=True, check=False,
        )  # fmt: skip
    except OSError:
        return False
    return done.returncode == 0


def _without_own_library(python: str) -> dict[str, str]:
    """The environment, without the standard library of this interpreter where the other one brings its own."""
    own = environment()
    if python != sys.executable:
        library = os.path.dirname(os.__file__)
        paths = [path for path in own["PYTHONPATH"].split(os.pathsep) if not path.startswith(library) or "site" in path]
        own["PYTHONPATH"] = os.pathsep.join(paths)
    return own


def run(configuration: str, without: Sequence[str], files: Sequence[Path]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the probe says there, and what came of each file, by its name. Raises LookupError as `command` does."""
    words = command(configuration, without, files)
    python = words[words.index("-S") - 1]
    done = subprocess.run(words, env=_without_own_library(python), cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    probe, *lines = map(json.loads, done.stdout.splitlines())
    return probe, {line["file"]: line for line in lines}


# ---- inside ------------------------------------------------------------------------------------------------


def confine(configuration: str) -> None:
    """Become what the configuration says, for good."""
    if configuration == "user":
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    if configuration in ("container", "old-container"):
        import pyseccomp

        usual = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
        for name in REFUSED:
            _refuse(usual, name, errno.EPERM)
        for flag in NEW_NAMESPACES:
            usual.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
        _refuse(usual, "clone3", errno.ENOSYS)
        for name in LANDLOCK if configuration == "old-container" else ():
            _refuse(usual, name, errno.ENOSYS)
        usual.load()
    if configuration.startswith("refusing-"):
        import pyseccomp

        broken = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
        _refuse(broken, configuration.removeprefix("refusing-"), errno.EPERM)
        broken.load()


def _refuse(wall: Any, name: str, code: int) -> None:
    import pyseccomp

    number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
    if number >= 0:  # a call of another kind of machine
        wall.add_rule(pyseccomp.ERRNO(code), number)


def outcomes(without: Sequence[str], files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    from test_sandbox import ending

    from autograder.grading import SEED, grade
    from autograder.records import Limits, Outcome, Submission
    from autograder.sandbox.client import Sandbox
    from autograder.sandbox.nest import Nest
    from conftest import ROOT, exam_of_functions

    exam = exam_of_functions(SEED)
    exam = replace(exam, assignment=replace(exam.assignment, limits=Limits(load=2.0, call=1.0, memory=256)))
    solution = (ROOT / "solutions" / "backprop" / "solution.py").read_bytes()
    with Sandbox(exam.assignment, Nest(without=without)) as sandbox:
        isolation = sandbox.probe()
        yield {"walls": isolation.walls, "possible": isolation.possible, "missing": isolation.missing}
        for file in files:
            source = file.read_bytes()
            attacked = source.decode().splitlines()[1].removeprefix("# expect: ").partition(" ")[0]
            report = grade(exam, Submission(file.name, "script", source), sandbox)
            after = grade(exam, Submission("next.py", "script", solution), sandbox)
            results = {result.name: result for result in report.questions}
            yield {
                "file": file.stem,
                "ending": ending(results[attacked]) if attacked in results else "unreadable",
                "others": sorted(
                    name for name, one in results.items() if name != attacked and one.outcome is not Outcome.PASSED
                ),
                "next": after.score == after.max_score,
            }


if __name__ == "__main__":
    configuration, without, *files = sys.argv[1:]
    confine(configuration)
    for one in outcomes([name for name in without.split(",") if name], list(map(Path, files))):
        print(json.dumps(one), flush=True)
