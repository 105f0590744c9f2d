"""The folder of one upload → the one file in it that is the homework."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from autograder.load.archives import listed, that_may_be_meant
from autograder.load.layouts import Found
from autograder.records import Note

MOST_FILES = 10_000


def find_handed_in(folder: Path, assignment: str) -> Found | Note:
    """The file to grade: a notebook, a script, or a zip, under any name and at any depth; or why there is none.

    Of several, the one that is called as the assignment is.
    """
    there = _files_in(folder)
    meant = [PurePosixPath(path) for path in that_may_be_meant(there)]
    named = [path for path in meant if path.stem == assignment]
    if len(named) == 1:
        meant = named
    if len(meant) == 1:
        return Found(listed([str(meant[0])]), folder / meant[0])
    if meant:
        return Note("several-files", {"names": listed([str(path) for path in meant]), "assignment": assignment})
    return Note("no-file" if there else "nothing-handed-in", {"names": listed([str(path) for path in there])})


def _files_in(folder: Path) -> list[PurePosixPath]:
    found: list[PurePosixPath] = []
    for at, _, names in os.walk(folder):
        here = [Path(at, name) for name in sorted(names)]
        # A link may lead to a file that only the grader may read; what it says of a broken line would show it.
        found += [PurePosixPath(path.relative_to(folder).as_posix()) for path in here if not path.is_symlink()]
        if len(found) > MOST_FILES:
            break
    return sorted(found)
