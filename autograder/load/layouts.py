"""From paths to submissions: single files, and plain folders with one file or one folder a student."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.records import Note, Submission

KINDS = {".ipynb": "notebook", ".py": "script"}

MOST_BYTES = 16 << 20
"""A notebook with many plots has a few MB; larger files are not read."""

PASSED_OVER = frozenset({"__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", ".venv"})


@dataclass(frozen=True)
class Found:
    """A file that may be a submission; `name` is what the report calls it."""

    name: str
    path: Path


def find_submissions(paths: Iterable[str | Path]) -> list[Found]:
    """The notebooks and scripts among `paths`, and in the folders among them, sorted by name.

    Raises UsageError for a path that does not exist, a file of another kind, and a folder without any.
    """
    found: list[Found] = []
    for given in map(Path, paths):
        if given.is_dir():
            inside = [Found(_printable(path.relative_to(given)), path) for path in _files_in(given)]
            if not inside:
                raise UsageError(f"{given}: no .ipynb or .py file in this folder.")
            found += inside
        elif not given.exists():
            raise UsageError(f"{given}: no such file.")
        elif given.suffix not in KINDS:
            raise UsageError(f"{given}: neither a notebook (.ipynb) nor a script (.py).")
        else:
            found.append(Found(_printable(Path(given.name)), given))
    return sorted(_with_unique_names(found), key=lambda one: one.name)


def load_submission(found: Found) -> Submission | Note:
    """The bytes of a file, or the note that says why they could not be read."""
    try:
        size = found.path.stat().st_size
        if size > MOST_BYTES:
            return Note("too-large", {"megabytes": size >> 20, "most": MOST_BYTES >> 20})
        source = found.path.read_bytes()
    except OSError as error:
        return Note("cannot-open", {"text": error.strerror or type(error).__name__})
    return Submission(found.name, KINDS[found.path.suffix], source)


def _printable(path: Path) -> str:
    """The name of a file as it may be shown: a student chose it, and a terminal would obey what is hidden in it."""
    return "".join(character if character.isprintable() else "�" for character in path.as_posix())


def _files_in(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix in KINDS and path.is_file() and not PASSED_OVER.intersection(parts):
            if not path.name.startswith("."):
                yield path


def _with_unique_names(found: list[Found]) -> Iterator[Found]:
    """Each file once. Two files of one name, from two paths of the command line, keep their paths as names."""
    files = list({one.path.resolve(): one for one in found}.values())
    names = [one.name for one in files]
    for one in files:
        yield Found(_printable(one.path), one.path) if names.count(one.name) > 1 else one
