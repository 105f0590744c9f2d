"""What somebody handed in at one time, as a layout finds it in an export: who, which files, and when."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.gradebook import Student
from autograder.load.unpacking import Member
from autograder.records import Note

LONGEST = 200
"""Letters of a name. Grades go back to a platform by names, so only what no platform stores is cut."""


@dataclass(frozen=True)
class UploadedFile:
    """`name` is what the student called it: without what the platform wrote before it."""

    member: Member
    name: PurePosixPath


@dataclass(frozen=True)
class Upload:
    """All files of one student, or of a group, at one time.

    `key` is what makes them one: what the platform wrote of them, before anything is cleaned. `label` is the name that
    the hand-in gets if nobody else has it.
    """

    key: str
    label: str
    students: tuple[Student, ...]
    files: tuple[UploadedFile, ...]
    submitted: str = ""
    is_late: bool | None = None
    attempt: int = 1
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Reading:
    """An export as one layout reads it. `title` is what an instructor calls that layout.

    `strangers` are files that it does not know what to do with.
    """

    title: str
    uploads: tuple[Upload, ...]
    strangers: tuple[Member, ...] = ()
    remarks: tuple[str, ...] = ()


def clean(text: str, most: int = LONGEST) -> str:
    """A name as it may be shown: one line, printable, not too long. Equal letters are written with the same bytes."""
    letters = (letter if letter.isprintable() else "�" for letter in unicodedata.normalize("NFC", text))
    line = " ".join("".join(letters).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def listed(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    shown = [clean(name) for name in names]
    more = [f"and {len(shown) - 3} more"] if len(shown) > 3 else []
    return ", ".join([*shown[:3], *more])
