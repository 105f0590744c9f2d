"""The files of ours that a host needs to grade: our package, and what is public of an assignment."""

from __future__ import annotations

from pathlib import Path

import autograder
from autograder.records import Assignment

ROOMS = frozenset(
    {"assignments", "verification", "release", "notebook", "otter", "grades", "similarity", "gradescope", "hosts"}
)
"""Folders of our package that no grading needs, but for the one of the host itself."""

KINDS = (".py", ".toml", ".json")

PUBLIC = ("assignment.toml", "forward.py", "training.py", "data")
"""What of an assignment the checks are made from."""


def package_files(room: str) -> dict[str, bytes]:
    """Our package with the `room` of one host, by path: `package/autograder/...`."""
    root = Path(autograder.__file__).parent
    left_out = {"__pycache__", *ROOMS - {room}}
    files = [path for path in root.rglob("*") if path.is_file() and path.suffix in KINDS]
    inside = {path.relative_to(root): path for path in files}
    return {
        f"package/autograder/{name.as_posix()}": path.read_bytes()
        for name, path in inside.items()
        if not left_out & set(name.parts)
    }


def public_files(assignment: Assignment) -> dict[str, bytes]:
    """The assignment without solution and handout, by path: `assignments/<name>/...`."""
    folder = assignment.folder
    files = [path for name in PUBLIC for path in ((folder / name), *(folder / name).rglob("*")) if path.is_file()]
    return {f"assignments/{assignment.name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in files}
