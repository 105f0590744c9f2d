"""Where a rehearsal runs: in bubblewrap with a root, a network and processes of its own, or in a plain folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.gradescope.small_machine import SmallMachine

ROOT = "/autograder"

CAPABILITIES = (
    *("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE"),
    *("NET_RAW", "SYS_CHROOT", "MKNOD", "AUDIT_WRITE", "SETFCAP"),
)
"""Those that root has in a container by default."""

OF_THE_SYSTEM = (
    *("--tmpfs", "/", "--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc"),
    *("--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/var"),
)


@dataclass(frozen=True)
class Box:
    """`name` says which it is; `root` is the platform's folder as seen from inside, `folder` the same from outside."""

    name: str
    folder: Path
    root: str
    machine: SmallMachine

    def run(
        self, words: Sequence[str], python: Path, with_network: bool, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """The command, run in there; what it says goes into one text."""
        inside = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "AUTOGRADER_PYTHON": str(python),
            "AUTOGRADER_ROOT": self.root,
            **environment,
        }
        return subprocess.run(
            [*self.machine.around(), *self._around(python, with_network), *words],
            env=inside,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )

    def _around(self, python: Path, with_network: bool) -> list[str]:
        if self.root != ROOT:
            return []
        links = [word for name in ("lib", "lib32", "lib64", "libx32", "bin", "sbin") for word in _as_here(name)]
        prefix = Path(python).resolve().parent.parent
        own = [] if prefix == Path("/usr") else ["--ro-bind", str(prefix), str(prefix)]
        for here, there in self.machine.seen_from_inside():
            own += ["--ro-bind", str(here), str(there)]
        network = [] if with_network else ["--unshare-net"]
        rights = [word for name in CAPABILITIES for word in ("--cap-add", f"CAP_{name}")] if os.geteuid() == 0 else []
        return [
            *("bwrap", *OF_THE_SYSTEM, *links, *own, "--bind", str(self.folder), ROOT, "--chdir", ROOT),
            *("--unshare-pid", "--unshare-ipc", *network, *rights, "--die-with-parent"),
        ]


def make_box(folder: Path, machine: SmallMachine) -> Box:
    """Bubblewrap where it works, else a plain folder."""
    box = Box("bubblewrap", folder, ROOT, machine)
    if shutil.which("bwrap"):
        words = [*box._around(Path("/usr/bin/true"), False), "/usr/bin/true"]
        if subprocess.run(words, capture_output=True, check=False).returncode == 0:
            return box
    return Box("a plain folder", folder, str(folder), machine)


def _as_here(name: str) -> list[str]:
    """`/lib` is a link into /usr on most systems, and a folder on others."""
    path = Path("/", name)
    if path.is_symlink():
        return ["--symlink", os.readlink(path), str(path)]
    return ["--ro-bind", str(path), str(path)] if path.is_dir() else []
