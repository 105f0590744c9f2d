"""Several files of one student → the one that is graded, and a note that says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from autograder.load.archives import HANDED_OUT, KINDS, PASSED_OVER, ZIP
from autograder.load.uploads import UploadedFile, clean, listed
from autograder.records import Note

RANKS = {suffix: rank for rank, suffix in enumerate((*KINDS, ZIP))}
"""A notebook is meant rather than a script beside it, and a script rather than a zip."""

AGAIN = re.compile(r"(?P<stem>.+?)(?:-(?P<number>\d{1,4})| \((?P<copy>\d{1,4})\))")
"""`hw-2` is the file that came after `hw-1`: Canvas counts like that, and browsers do as in `hw (2)`."""

AT_ONCE = 2.0
"""Seconds. What is cloned or unpacked gets the time of that, and archives keep every other second."""


def may_be_meant(file: UploadedFile) -> bool:
    """Whether it is of a kind that is graded, and neither handed out with the assignment nor left behind by a tool."""
    name = file.name
    return (
        name.suffix.lower() in RANKS
        and not name.name.startswith(".")
        and name.name not in HANDED_OUT
        and not PASSED_OVER & set(name.parts)
    )


def choose(files: Sequence[UploadedFile]) -> tuple[UploadedFile | None, tuple[Note, ...]]:
    """The file to grade: of the best kind, the newest; None where there is none. The notes say what was passed over."""
    meant = [file for file in files if may_be_meant(file)]
    if not meant:
        names = listed(str(file.name) for file in files)
        return None, (Note("no-file", {"names": names}) if files else Note("nothing-handed-in"),)
    readable = [file for file in meant if file.member.note is None] or meant
    best = min(_rank(file) for file in readable)
    kind = [file for file in readable if _rank(file) == best]
    age = _age_of(kind)
    *_, chosen = ranked = sorted(kind, key=lambda file: (age(file), str(file.name)))
    others = [file for file in meant if file is not chosen]
    if not others:
        return chosen, ()
    facts = {"chosen": clean(str(chosen.name)), "names": listed(str(file.name) for file in others)}
    if len(kind) == 1:
        return chosen, (Note("chosen-kind", facts),)
    is_newer = age(chosen) > age(ranked[-2])
    return chosen, (Note("chosen-newest" if is_newer else "chosen-last", facts),)


def _rank(file: UploadedFile) -> int:
    return RANKS[file.name.suffix.lower()]


def _stem(file: UploadedFile) -> str:
    found = AGAIN.fullmatch(file.name.stem)
    return found["stem"] if found else file.name.stem


def _age_of(files: Sequence[UploadedFile]) -> Callable[[UploadedFile], tuple[int, float]]:
    """What orders files by their age: the numbers of one name that came again and again, and then their times."""
    times = [file.member.modified for file in files]
    are_dated = max(times) - min(times) > AT_ONCE
    is_one_name = len({_stem(file) for file in files}) == 1

    def age(file: UploadedFile) -> tuple[int, float]:
        found = AGAIN.fullmatch(file.name.stem) if is_one_name else None
        number = int(found["number"] or found["copy"]) if found else 0
        return number, file.member.modified if are_dated else 0.0

    return age
