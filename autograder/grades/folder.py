"""The folder of grades: made for names, so kept from git from its first moment, and written by one grader at a time."""

from __future__ import annotations

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import GraderError, UsageError

RESULTS = "results.jsonl"
CLASS = "class.json"

LOCK = ".lock"
IGNORE = ".gitignore"
OWN_IGNORE = "# Names and grades, written by `grader grade`: not for git.\n*\n"


@contextmanager
def open_folder(folder: Path) -> Iterator[Path]:
    """The folder, made where there is none, and ours alone for as long as this is open.

    Raises UsageError for one that holds something else, for one that cannot be made, and where another grader writes.
    """
    try:
        _refuse_what_is_not_ours(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if not _is_ignored(folder):
            (folder / IGNORE).write_text(OWN_IGNORE, encoding="utf-8")
        lock = open(folder / LOCK, "a", encoding="ascii")  # noqa: SIM115 - open for as long as the folder is
    except FileExistsError as error:
        raise UsageError(
            f"{folder}: grades need a folder, and this is a file. Choose another one with --out."
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise GraderError(f"{folder}: {error.strerror}. Make room, and try again.") from error
        wanted = "Choose a folder that you may write to, with --out."
        raise UsageError(f"{folder}: no grades can be written there: {error.strerror}. {wanted}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(
                f"{folder}: another grader is writing there. Wait for it, or choose another folder with --out."
            ) from error
        except OSError:  # a file system without locks: nothing holds a second grader off, but grading goes on
            pass
        yield folder


def is_ours(folder: Path) -> bool:
    """Whether grades are kept there."""
    return (folder / RESULTS).is_file() or (folder / CLASS).is_file()


def free_name(folder: Path) -> str:
    """`results-1.jsonl`, or the first of that kind which is not there: where older results are kept."""
    number = 1
    while (folder / f"results-{number}.jsonl").exists():
        number += 1
    return f"results-{number}.jsonl"


def _is_ignored(folder: Path) -> bool:
    try:
        return "*" in (folder / IGNORE).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return False


def _refuse_what_is_not_ours(folder: Path) -> None:
    """A folder with nothing but our two hidden files was being made when somebody stopped it."""
    if not folder.is_dir() or is_ours(folder):
        return
    others = sorted(path.name for path in folder.iterdir() if path.name not in (LOCK, IGNORE))
    if others:
        some = "".join(letter if letter.isprintable() else "�" for letter in others[0])
        raise UsageError(
            f"{folder}: this folder holds no grades, but other things ({some}). "
            "Choose an empty one, or one that is not there yet, with --out."
        )
