"""The nouns of a class: who handed in what and when, what came of it, and the grade that follows. All are frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.records import Note, Policy, Report, report_from_json, report_to_json

__all__ = [
    "ENTRY_SCHEMA",
    "Adjustment",
    "Entry",
    "Export",
    "Grade",
    "Gradebook",
    "Handin",
    "Override",
    "Policy",
    "Student",
    "entry_from_json",
    "entry_to_json",
    "student_to_json",
]

ENTRY_SCHEMA = "grader/entry/v1"


@dataclass(frozen=True)
class Student:
    """One person. `id` is what the platform knows them by; the `name` is theirs, and therefore hostile text."""

    id: str
    name: str = ""
    email: str = ""
    section: str = ""

    @property
    def shown(self) -> str:
        """What people read: the name, or the id where there is none."""
        return self.name or self.id


@dataclass(frozen=True)
class Handin:
    """What a student, or a group, handed in at one time.

    `name` is unique in a class, the same in every download of it, and printable: results and pages go by it. `path` is
    the file to grade; None where there is none, and then a note says why. `file` is what the student called it.
    `submitted` is a time in ISO 8601 with its offset, or "" where the platform does not say; `is_late` is what the
    platform itself says of that. `attempt` counts from 1. Notes tell what was chosen, and what was passed over.
    """

    name: str
    students: tuple[Student, ...]
    path: Path | None = None
    file: str = ""
    submitted: str = ""
    is_late: bool | None = None
    attempt: int = 1
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Export:
    """All that was handed in, as a platform gave it: which `layout` it was taken for, and from where.

    `students` are all that are known of, from a roster or from the platform, with or without a hand-in. `remarks` are
    sentences for the instructor, in order: what was passed over and why.
    """

    layout: str
    source: str
    handins: tuple[Handin, ...]
    students: tuple[Student, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A hand-in that has been graded: a line of `results.jsonl`. `digest` is the SHA-256 of the graded bytes."""

    handin: Handin
    digest: str
    report: Report


@dataclass(frozen=True)
class Override:
    """What an instructor decides about one student, by id: a `score` in place of what came out, or `points` beside it.

    One of the two is a number and the other one None. There is always a reason.
    """

    student: str
    score: float | None
    points: float | None
    reason: str


@dataclass(frozen=True)
class Adjustment:
    """Points that are added to a score, or taken from it, and the reason: nothing of that is silent.

    `kind` is "late", "override" or "points"; or "attempt", which costs nothing and says why another attempt counts than
    one might expect.
    """

    kind: str
    points: float
    reason: str


@dataclass(frozen=True)
class Grade:
    """What stands in the gradebook for one student.

    `entry` is the attempt that counts, of `attempts`; None where nothing was handed in. `score` is what follows from
    its report and the adjustments; None where there is nothing to grade, or where grading was at fault.
    """

    student: Student
    entry: Entry | None
    score: float | None
    max_score: int
    adjustments: tuple[Adjustment, ...] = ()
    attempts: int = 0


@dataclass(frozen=True)
class Gradebook:
    """A graded class. `entries` are all attempts; `grades` one for each student, by the order of their names.

    The reports of the entries are those of `results.jsonl`, without the numbers of their evidence.
    """

    assignment: str
    title: str
    version: str
    seed: int
    max_score: int
    layout: str
    layers: Mapping[str, str]
    policy: Policy
    grades: tuple[Grade, ...]
    entries: tuple[Entry, ...] = ()
    remarks: tuple[str, ...] = field(default=())


def student_to_json(student: Student) -> dict[str, Any]:
    return {"id": student.id, "name": student.name, "email": student.email, "section": student.section}


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """A line of `results.jsonl`, but for what it depends on. Paths are of this machine, and stay here."""
    handin = entry.handin
    return {
        "handin": {
            "name": handin.name,
            "students": [student_to_json(student) for student in handin.students],
            "file": handin.file,
            "submitted": handin.submitted,
            "is_late": handin.is_late,
            "attempt": handin.attempt,
            "notes": [{"fault": n.fault, "facts": dict(n.facts), "message": n.message} for n in handin.notes],
        },
        "digest": entry.digest,
        "report": report_to_json(entry.report),
    }


def entry_from_json(document: Mapping[str, Any]) -> Entry:
    """The entry that `entry_to_json` wrote. Raises KeyError, TypeError or ValueError on anything else."""
    told = dict(document["handin"])
    students = tuple(Student(**student) for student in told.pop("students"))
    notes = tuple(Note(n["fault"], n["facts"], n["message"]) for n in told.pop("notes"))
    handin = Handin(students=students, notes=notes, **told)
    return Entry(handin, document["digest"], report_from_json(document["report"]))
