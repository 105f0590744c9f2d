"""What can go wrong that is not a wrong answer.

GraderError                 anything this package raises on purpose; knows its exit code
├── UsageError          2   the command was given something it cannot use
├── AssignmentError     2   assignment.toml or forward.py is broken: file, key, wanted, got
│   └── BuildError      2   a master, or what is made from it, must not be handed out: file, cell or line, wanted, got
├── ProtocolFault       3   a worker sent bytes that are no answer; never leaves the sandbox
└── SandboxError        3   no worker could be started: a fault of the grader or of the machine
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class GraderError(Exception):
    """An error with a sentence for the person who meets it and an exit code for the shell."""

    exit_code = 3


class UsageError(GraderError):
    """The command was given something it cannot use."""

    exit_code = 2


class AssignmentError(GraderError):
    """A broken assignment, told as file, key, what was wanted and what was got."""

    exit_code = 2

    def __init__(self, file: str, key: str, *, wanted: str, got: str, hint: str = "") -> None:
        self.file = file
        self.key = key
        self.wanted = wanted
        self.got = got
        self.hint = hint
        lines = [f"{file}: {key}" if key else file, f"  wanted  {wanted}", f"  got     {got}"]
        if hint:
            lines.append(f"  {hint}")
        super().__init__("\n".join(lines))


class BuildError(AssignmentError):
    """A master, or what is made from it, that must not be handed out. The key says where: a cell, a line."""


class ProtocolFault(GraderError):
    """A worker sent bytes that are no answer to what it was asked."""


class SandboxError(GraderError):
    """No worker could be started."""


def did_you_mean(got: str, known: Iterable[str]) -> str:
    """`did you mean "shapes"?`, or nothing when no known word is close."""
    close = difflib.get_close_matches(got, list(known), n=1)
    return f'did you mean "{close[0]}"?' if close else ""
