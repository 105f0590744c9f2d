"""Uploads and the file chosen of each → hand-ins: attempts are counted, and no two have one name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

from autograder.gradebook import Handin, Student
from autograder.load.uploads import Upload, clean
from autograder.records import Note

NAMELESS = "nameless"


@dataclass(frozen=True)
class Placed:
    """An upload, and where the file to grade lies; None with a note that says why there is none."""

    upload: Upload
    path: Path | None
    file: str
    notes: tuple[Note, ...] = ()


def make_handins(placed: Sequence[Placed]) -> tuple[Handin, ...]:
    """A hand-in for each, by name and attempt.

    Whoever is in there several times has made several attempts: by the times that the platform knows, and where it
    knows none, in the order in which they stand.
    """
    by_key: dict[str, list[Placed]] = defaultdict(list)
    for one in placed:
        by_key[one.upload.key].append(one)
    apart = _students_apart([several[0].upload for several in by_key.values()])
    labels = _names_apart({key: (several[0].upload.label, apart[key]) for key, several in by_key.items()})
    handins = []
    for key, several in sorted(
        by_key.items(), key=lambda item: (normalize("NFC", labels[item[0]]).casefold(), item[0])
    ):
        for attempt, one in enumerate(sorted(several, key=_when), 1):
            handins.append(
                Handin(
                    name=labels[key] if len(several) == 1 else f"{labels[key]}, attempt {attempt}",
                    students=apart[key],
                    path=one.path,
                    file=one.file,
                    submitted=one.upload.submitted,
                    is_late=one.upload.is_late,
                    attempt=one.upload.attempt if len(several) == 1 else attempt,
                    notes=(*one.upload.notes, *one.notes),
                )
            )
    return tuple(handins)


def _when(one: Placed) -> float:
    return datetime.fromisoformat(one.upload.submitted).timestamp() if one.upload.submitted else 0.0


def _students_apart(uploads: Sequence[Upload]) -> dict[str, tuple[Student, ...]]:
    """The students of each key. Ids that look alike and are not, as of two ways to write ë, get a mark each."""
    alone = [upload for upload in uploads if len(upload.students) == 1]
    counts = Counter(upload.students[0].id for upload in alone)
    marked = {upload.key for upload in alone if counts[upload.students[0].id] > 1}
    return {
        upload.key: tuple(
            replace(student, id=f"{student.id}-{_mark(upload.key)}") if upload.key in marked else student
            for student in upload.students
        )
        for upload in uploads
    }


def _names_apart(wanted: dict[str, tuple[str, tuple[Student, ...]]]) -> dict[str, str]:
    """A name for each key: its label; for those of one label, with their ids; and if that is too little, with a mark.

    Names that differ by the case of their letters only are one name to many file systems.
    """
    by_name: dict[str, list[str]] = defaultdict(list)
    for key, (label, _) in wanted.items():
        by_name[_folded(label or NAMELESS)].append(key)
    names = {}
    for keys in by_name.values():
        for key in keys:
            label, students = wanted[key]
            names[key] = label or NAMELESS
            if len(keys) > 1:
                names[key] += f" ({clean(' + '.join(student.id for student in students))})"
    counts = Counter(map(_folded, names.values()))
    for key, name in names.items():
        if counts[_folded(name)] > 1:
            names[key] = f"{wanted[key][0] or NAMELESS} ({_mark(key)})"
    return names


def _folded(name: str) -> str:
    return normalize("NFKC", name).casefold()


def _mark(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:6]
