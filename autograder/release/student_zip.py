"""The zip that students receive: the same bytes for the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.load.assignment import assignments_folder
from autograder.records import Assignment

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can tell."""

ORDINARY = 0o644 << 16
"""A file that its owner may write and everybody may read."""

OF_THE_GRADER = frozenset({"assignment.toml", "forward.py", "tests"})
"""Public, and in the wheel; but no student has to have them at hand."""


def public_files(assignment: Assignment) -> dict[str, bytes]:
    """The files that students need beside the handout: those of the assignment's folder that they work with.

    Where the wheel does not hold the assignment, it lies in a folder of its name once more, for the grader to find.
    """
    files = {path.as_posix(): (assignment.folder / path).read_bytes() for path in sorted(_public(assignment))}
    if assignment.folder.resolve().parent == assignments_folder().resolve():
        return files
    own = {name: (assignment.folder / name).read_bytes() for name in ("assignment.toml", "forward.py")}
    return {**files, **{f"{assignment.name}/{name}": data for name, data in {**files, **own}.items()}}


def pack(folder: str, files: Mapping[str, bytes]) -> bytes:
    """A zip with one folder in which these files lie, sorted, with a date that never changes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", LONG_AGO)
            entry.external_attr, entry.create_system = ORDINARY, 3
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def _public(assignment: Assignment) -> Iterator[Path]:
    built = {f"{assignment.name}.ipynb", f"{assignment.name}.py"}
    for path in assignment.folder.rglob("*"):
        within = path.relative_to(assignment.folder)
        is_hidden = any(part.startswith(".") or part == "__pycache__" for part in within.parts)
        if path.is_file() and not is_hidden and not {within.parts[0]} & (OF_THE_GRADER | built):
            yield within
