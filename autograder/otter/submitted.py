"""What a student handed in, out of otter's way: set aside before anything of it can be imported, read or run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

HANDED_IN = "handed-in"
"""The folder for it, beside the one in which otter found it."""

EMPTY = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'


def set_aside(submission: Path) -> Path:
    """Move the notebook or script to a folder of its own, and return where it is. Of all else that was handed in,
    nothing is left; in its place is an empty one, because otter will look for it. Done once. Raises OSError.

    An `otter/__init__.py`, a `numpy.py` or a pickled log beside the notebook would otherwise run in otter's processes.
    """
    folder = submission.parent
    if folder.name == HANDED_IN:
        return submission
    aside = folder.parent / HANDED_IN
    aside.mkdir(exist_ok=True)
    moved = aside / submission.name
    shutil.move(submission, moved)
    _empty(folder)
    _leave_empty(submission)
    return moved


def what_was_set_aside(folder: Path) -> Path | None:
    """The file that `set_aside` took out of this folder, if it did."""
    return next(iter((folder.parent / HANDED_IN).glob("*")), None)


def _empty(folder: Path) -> None:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            _open_folders(Path(entry.path))
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)


def _open_folders(folder: Path) -> None:
    """A folder that is for reading only could not be emptied by an ordinary user."""
    folder.chmod(0o700)
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            _open_folders(Path(entry.path))


def _leave_empty(submission: Path) -> None:
    """A notebook without cells; or a script that reads as nothing and is no file that Python would import, because one
    that is called `json.py` would be imported in place of Python's own."""
    if submission.suffix == ".py":
        submission.symlink_to(os.devnull)
    else:
        submission.write_text(EMPTY, encoding="utf-8")
