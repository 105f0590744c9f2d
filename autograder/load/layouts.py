"""From paths to submissions: single files, and plain folders with one file or one folder a student."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.load.archives import KINDS, MOST_BYTES, PASSED_OVER, ZIP, read_packed
from autograder.records import Note, Submission

SUFFIXES = (*KINDS, ZIP)


@dataclass(frozen=True)
class Found:
    """A file that may be a submission; `name` is what the report calls it."""

    name: str
    path: Path


def find_submissions(paths: Iterable[str | Path]) -> list[Found]:
    """The notebooks, scripts and zips among `paths`, and in the folders among them, sorted by name.

    Raises UsageError for a path that does not exist, a file of another kind, and a folder without any.
    """
    found: list[Found] = []
    for given in map(Path, paths):
        if given.is_dir():
            inside = [Found(_printable(path.relative_to(given)), path) for path in _files_in(given)]
            if not inside:
                raise UsageError(f"{given}: no .ipynb, .py or .zip file in this folder.")
            found += inside
        elif not given.exists():
            raise UsageError(f"{given}: no such file.")
        elif given.suffix not in SUFFIXES:
            raise UsageError(f"{given}: neither a notebook (.ipynb) nor a script (.py), nor a zip with one of them.")
        else:
            found.append(Found(_printable(Path(given.name)), given))
    return sorted(_with_unique_names(found), key=lambda one: one.name)


def load_submission(found: Found) -> Submission | Note:
    """The bytes of a file, or the note that says why they could not be read."""
    try:
        if found.path.is_symlink() and not os.path.exists(found.path):
            return Note("dangling-link")
        status = found.path.stat()
        if stat.S_ISDIR(status.st_mode) and found.path.suffix in SUFFIXES:
            return Note("folder")
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):  # to open a pipe would wait forever
            return Note("cannot-open", {"text": "it is no ordinary file"})
        if status.st_size > MOST_BYTES:
            return Note("too-large", {"megabytes": status.st_size >> 20, "most": MOST_BYTES >> 20})
        if stat.S_ISDIR(status.st_mode):
            os.listdir(found.path)
        if found.path.suffix == ZIP:
            packed = read_packed(found.path)
            return packed if isinstance(packed, Note) else Submission(found.name, *packed)
        source = found.path.read_bytes()
    except OSError as error:
        return Note("cannot-open", {"text": error.strerror or type(error).__name__})
    return Submission(found.name, KINDS[found.path.suffix], source)


def _printable(path: Path) -> str:
    """The name of a file as it may be shown: a student chose it, and a terminal would obey what is hidden in it."""
    return "".join(character if character.isprintable() else "�" for character in path.as_posix())


def _files_in(folder: Path) -> list[Path]:
    """All that may be a submission, at any depth. What cannot be read is listed too, so that nobody is passed over."""
    files: list[Path] = []
    closed: list[OSError] = []
    for at, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = [name for name in folders if name not in PASSED_OVER]
        files += [Path(at, name) for name in names]
        files += [Path(at, name) for name in folders if Path(name).suffix in SUFFIXES]
    files = [file for file in files if file.suffix in SUFFIXES and not file.name.startswith(".")]
    files += [Path(error.filename) for error in closed]
    return sorted(file for file in files if not any(file in other.parents for other in files))


def _with_unique_names(found: list[Found]) -> Iterator[Found]:
    """Each file once. Two files of one name, from two paths of the command line, keep their paths as names."""
    files = list({_real_path(one.path): one for one in found}.values())
    names = [one.name for one in files]
    for one in files:
        yield Found(_printable(one.path), one.path) if names.count(one.name) > 1 else one


def _real_path(path: Path) -> Path:
    """Where the file is. Two links to nothing are two submissions."""
    return path.resolve() if os.path.exists(path) else path.absolute()
