"""Results, written where a student may have put something else."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path


def clear_way(file: Path) -> None:
    """Nothing is at this place afterwards: no file, no link, no folder that a student has left there."""
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    else:
        with contextlib.suppress(FileNotFoundError):
            file.unlink()


def write_whole(text: str, file: Path) -> None:
    """Whoever reads the file finds all of the text or what was there before. A link is replaced, never followed.

    Raises OSError.
    """
    beside = file.with_name(f".{file.name}.new")
    clear_way(beside)
    with open(beside, "x", encoding="utf-8") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    if file.is_dir() and not file.is_symlink():
        clear_way(file)
    os.replace(beside, file)
