"""Where a rehearsal runs: in bubblewrap with a root, a network and processes of its own, or in a plain folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.gradescope.small_machine import SmallMachine

ROOT = "/autograder"

CAPABILITIES = (
    *("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE"),
    *("NET_RAW", "SYS_CHROOT", "MKNOD", "AUDIT_WRITE", "SETFCAP"),
)
"""Those that root has in a container by default."""

OF_OURS = ("--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/var")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Box:
    """`name` says which it is; `root` is the platform's folder as seen from inside, `folder` the same from outside.

    `system` is the root of another system to run in, in place of this machine's; `rules` a compiled filter of system
    calls that everything inside obeys.
    """

    name: str
    folder: Path
    root: str
    machine: SmallMachine
    system: Path | None = None
    rules: bytes = b""

    def run(self, words: Sequence[str], python: Path, with_network: bool) -> subprocess.CompletedProcess[str]:
        """The command, run in there; what it says goes into one text."""
        with self.start(words, python, with_network) as process:
            said, _ = process.communicate()
        return subprocess.CompletedProcess(words, process.returncode, said)

    @contextmanager
    def start(self, words: Sequence[str], python: Path, with_network: bool) -> Iterator[subprocess.Popen[str]]:
        """The same, while it runs."""
        with _in_memory(self.rules) as rules:
            yield subprocess.Popen(
                [*self.machine.around(), *self._around(python, with_network, rules), *words],
                env={"PATH": PATH, "HOME": "/root", "AUTOGRADER_PYTHON": str(python), "AUTOGRADER_ROOT": self.root},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                pass_fds=rules,
            )

    def _around(self, python: Path, with_network: bool, rules: Sequence[int] = ()) -> list[str]:
        if self.root != ROOT:
            return []
        there = ["--bind", str(self.system), "/"] if self.system else [*_this_machine(), *_prefix_of(python)]
        limits = [word for pair in self.machine.seen_from_inside() for word in ("--ro-bind", *map(str, pair))]
        network = [] if with_network else ["--unshare-net"]
        rights = [word for name in CAPABILITIES for word in ("--cap-add", f"CAP_{name}")] if os.geteuid() == 0 else []
        filters = [word for descriptor in rules for word in ("--seccomp", str(descriptor))]
        return [
            *("bwrap", *there, *OF_OURS, *limits, "--bind", str(self.folder), ROOT, "--chdir", ROOT),
            *("--unshare-pid", "--unshare-ipc", *network, *rights, *filters, "--die-with-parent"),
        ]


def make_box(folder: Path, machine: SmallMachine, system: Path | None = None, rules: bytes = b"") -> Box:
    """Bubblewrap where it works, else a plain folder. Raises UsageError where another system cannot be entered."""
    box = Box("bubblewrap", folder, ROOT, machine, system, rules)
    if shutil.which("bwrap"):
        words = [*box._around(Path("/usr/bin/true"), False), "/usr/bin/true"]
        if subprocess.run(words, capture_output=True, check=False).returncode == 0:
            return box
    if system is not None:
        raise UsageError(f"{system}: another system can be entered with bubblewrap only, and that does not work here.")
    return Box("a plain folder", folder, str(folder), machine)


def _this_machine() -> list[str]:
    """Its programs and libraries, and nothing of what its users have."""
    words = ["--tmpfs", "/", "--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc"]
    for name in ("lib", "lib32", "lib64", "libx32", "bin", "sbin"):
        path = Path("/", name)
        if path.is_symlink():  # into /usr, on most systems
            words += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            words += ["--ro-bind", str(path), str(path)]
    return words


def _prefix_of(python: Path) -> list[str]:
    """Where an interpreter lies that did not come with the system."""
    prefix = python.resolve().parent.parent
    return [] if prefix == Path("/usr") else ["--ro-bind", str(prefix), str(prefix)]


@contextmanager
def _in_memory(data: bytes) -> Iterator[tuple[int, ...]]:
    """A descriptor to read the data from, none where there is none."""
    if not data:
        yield ()
        return
    descriptor = os.memfd_create("rules")
    try:
        os.write(descriptor, data)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield (descriptor,)
    finally:
        os.close(descriptor)
