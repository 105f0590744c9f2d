"""Which walls stand on this machine: what a probe could still do, and which layers took hold."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from autograder.sandbox.layers import LAYERS, MEBIBYTE
from autograder.sandbox.probe import LAST, WALLS, target_of

PROMISES = ("files", "net", "proc", "mem")


@dataclass(frozen=True)
class Isolation:
    """`walls` says of each promise "active" (all that was tried is refused), "weak" (some of it is), or "absent".

    `possible` are the things that are not refused, and `missing` the layers that did not take hold, with the reason.
    """

    walls: Mapping[str, str]
    possible: Mapping[str, tuple[str, ...]]
    missing: Mapping[str, str]

    @property
    def layers(self) -> Mapping[str, str]:
        """Every layer in order: nothing where it took hold, else the reason why not."""
        return {name: self.missing.get(name, "") for name in LAYERS}


def conclude(missing: Mapping[str, str], results: Mapping[str, str], was_killed: bool) -> Isolation:
    """The isolation that a probe has shown. What it did not tell about counts as possible, fail closed; but for the
    last attempt the kernel may have killed it, and that is a refusal."""
    refused = {name for name in WALLS if results.get(name) == ""}
    if was_killed and LAST not in results:
        refused.add(LAST)
    walls, possible = {}, {}
    for wall in PROMISES:
        attempts = [name for name in WALLS if WALLS[name] == wall]
        possible[wall] = tuple(name for name in attempts if name not in refused)
        walls[wall] = "active" if not possible[wall] else "weak" if len(possible[wall]) < len(attempts) else "absent"
    return Isolation(walls, possible, dict(missing))


@contextmanager
def probing_ground(memory: int) -> Iterator[Mapping[str, str]]:
    """A file that anyone may read in a folder that anyone may write to, and the rest of what a probe needs to know."""
    with tempfile.TemporaryDirectory(prefix="grader-canary-") as folder:
        os.chmod(folder, 0o777)
        canary = os.path.join(folder, "canary")
        with open(canary, "w") as file:
            file.write("canary")
        os.chmod(canary, 0o644)
        yield target_of(canary, folder, 2 * memory * MEBIBYTE)
