"""The memory and the processor time of Gradescope's smallest container, where we may set such limits: as root, with
control groups of either version."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MEGABYTES = 768
CPUS = 0.5
PERIOD = 100_000
"""Microseconds, of which a part may be used."""

GROUPS = Path("/sys/fs/cgroup")
SETTINGS = (
    (
        GROUPS / "memory",
        {"memory.limit_in_bytes": str(MEGABYTES << 20), "memory.memsw.limit_in_bytes": str(MEGABYTES << 20)},
    ),
    (GROUPS / "cpu", {"cpu.cfs_period_us": str(PERIOD), "cpu.cfs_quota_us": str(int(PERIOD * CPUS))}),
)
"""Version 1: a tree for each resource."""

UNIFIED = (
    (GROUPS, {"memory.max": str(MEGABYTES << 20), "memory.swap.max": "0", "cpu.max": f"{int(PERIOD * CPUS)} {PERIOD}"}),
)
"""Version 2: one tree."""


@dataclass(frozen=True)
class SmallMachine:
    """The groups that a command enters; none where we may not make any."""

    groups: tuple[Path, ...]

    def around(self) -> list[str]:
        """What comes before a command, so that it and all that it starts are in the groups."""
        if not self.groups:
            return []
        enter = "".join(f"echo $$ > '{group}/cgroup.procs'; " for group in self.groups)
        return ["sh", "-c", f'{enter}exec "$@"', "sh"]

    def seen_from_inside(self) -> list[tuple[Path, Path]]:
        """Where a container would see its own memory limit: folders here, and there."""
        return [(group, GROUPS / group.parent.relative_to(GROUPS)) for group in self.groups if "memory" in str(group)]

    @property
    def words(self) -> str:
        return f"{MEGABYTES} MB, {CPUS:g} processors" if self.groups else "no limits: that needs root"


@contextmanager
def small_machine() -> Iterator[SmallMachine]:
    """Groups of our own, gone afterwards."""
    is_unified = (GROUPS / "cgroup.controllers").exists()
    made: list[Path] = []
    try:
        for parent, files in UNIFIED if is_unified else SETTINGS:
            with contextlib.suppress(OSError):
                made.append(_make(parent / f"grader-try-{os.getpid()}", files))
        yield SmallMachine(tuple(made))
    finally:
        for group in made:
            with contextlib.suppress(OSError):
                group.rmdir()


def _make(group: Path, files: dict[str, str]) -> Path:
    group.mkdir()
    try:
        for name, value in files.items():
            if (group / name).exists():  # not every kernel counts swap
                (group / name).write_text(value)
    except OSError:
        group.rmdir()
        raise
    return group
