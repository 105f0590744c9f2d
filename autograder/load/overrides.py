"""What an instructor decides about single students, as a CSV: a score or points for each, and always the reason.

The first line names the columns: `student` (an id, an email or a name), `score` or `points` or both, and `reason`.
"""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.errors import AssignmentError, UsageError, did_you_mean
from autograder.gradebook import Override, Student
from autograder.load.table import shown

STUDENT, SCORE, POINTS, REASON = "student", "score", "points", "reason"
COLUMNS = (STUDENT, SCORE, POINTS, REASON)
EXAMPLE = 'such as "student,score,points,reason"'
AT_MOST = 3
"""Students of one name whose ids a complaint tells."""


def load_overrides(file: Path, students: Sequence[Student], max_score: int) -> tuple[Override, ...]:
    """One override a line, in order; none of them is about somebody who is not among the `students`.

    Raises UsageError where the file cannot be read, and AssignmentError with line and column for what stands in it.
    """
    lines = _lines(file)
    people = _people(students)
    overrides: dict[str, Override] = {}
    seen_at: dict[str, int] = {}
    for number, line in lines:
        override = _override(line, people, max_score, _Place(file, number))
        if override.student in overrides:
            wanted, got = "one line for each student", f"{shown(line[STUDENT])} again, after line "
            raise _Place(file, number).refuse(STUDENT, wanted, f"{got}{seen_at[override.student]}")
        overrides[override.student] = override
        seen_at[override.student] = number
    return tuple(overrides.values())


class _Place:
    """A line of the file, for complaints."""

    def __init__(self, file: Path, number: int) -> None:
        self.file = file
        self.number = number

    def refuse(self, column: str, wanted: str, got: str, hint: str = "") -> AssignmentError:
        where = f"line {self.number}, column {column}" if column else f"line {self.number}"
        return AssignmentError(str(self.file), where, wanted=wanted, got=got, hint=hint)


def _lines(file: Path) -> list[tuple[int, Mapping[str, str]]]:
    """The lines that are not empty, by column, and the number at which each ends."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: not UTF-8 text. Save it as CSV in UTF-8.") from error
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, Mapping[str, str]]] = []
    header: list[str] | None = None
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if header is None:
                header = _header([cell.lower() for cell in cells], _Place(file, reader.line_num))
            elif len(cells) > len(header):
                place = _Place(file, reader.line_num)
                raise place.refuse("", f"{len(header)} cells", str(len(cells)), 'A comma in a reason? Put it in "…".')
            else:
                lines.append((reader.line_num, {**dict.fromkeys(COLUMNS, ""), **dict(zip(header, cells))}))
    except csv.Error as error:
        raise _Place(file, reader.line_num).refuse("", "a line of CSV", str(error)) from error
    if header is None:
        raise UsageError(f"{file}: an empty file. Its first line names the columns, {EXAMPLE}.")
    return lines


def _header(columns: list[str], place: _Place) -> list[str]:
    for column in columns:
        if column not in COLUMNS:
            wanted, hint = f"columns out of {', '.join(COLUMNS)}", did_you_mean(column, COLUMNS)
            raise place.refuse("", wanted, f"the unknown column {shown(column)}", hint)
        if columns.count(column) > 1:
            raise place.refuse("", "each column once", f"{shown(column)} twice")
    for needed in (STUDENT, REASON):
        if needed not in columns:
            raise place.refuse("", f"a column {needed}, {EXAMPLE}", f"{', '.join(columns)}")
    if SCORE not in columns and POINTS not in columns:
        raise place.refuse("", f"a column {SCORE} or {POINTS}, {EXAMPLE}", f"{', '.join(columns)}")
    return columns


def _override(line: Mapping[str, str], people: Mapping[str, list[Student]], max_score: int, place: _Place) -> Override:
    student = _student(line[STUDENT], people, place)
    given = [column for column in (SCORE, POINTS) if line[column]]
    if len(given) != 1:
        wanted = f"a {SCORE}, which replaces what came out, or {POINTS}, which are added to it"
        raise place.refuse(given[0] if given else SCORE, wanted, "both" if given else "neither")
    if not line[REASON]:
        raise place.refuse(REASON, "the reason, which stands beside the grade for ever", "nothing")
    lowest = -max_score if given == [POINTS] else 0
    hint = f"More than the maximum is possible: with {POINTS}." if given == [SCORE] else ""
    number = _number(line[given[0]])
    if number is None or not lowest <= number <= max_score:
        raise place.refuse(given[0], f"a number from {lowest} to {max_score}", shown(line[given[0]]), hint)
    if given == [SCORE]:
        return Override(student.id, number, None, line[REASON])
    return Override(student.id, None, number, line[REASON])


def _number(text: str) -> float | None:
    """A finite number of at most two decimals; whole numbers stay whole."""
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number) or round(number, 2) != number:
        return None
    return int(number) if number.is_integer() else number


# ---- who is meant ------------------------------------------------------------------------------------------


def _people(students: Sequence[Student]) -> Mapping[str, list[Student]]:
    """By id, email and name, in small letters."""
    people: dict[str, list[Student]] = defaultdict(list)
    for student in students:
        for key in {student.id.casefold(), student.email.casefold(), student.name.casefold()} - {""}:
            people[key].append(student)
    return people


def _student(given: str, people: Mapping[str, list[Student]], place: _Place) -> Student:
    """The one who is meant: an id means the one who has it, whatever others are called."""
    meant = people.get(given.casefold(), []) if given else []
    by_id = [student for student in meant if student.id == given]
    if len(by_id or meant) == 1:
        return (by_id or meant)[0]
    if meant:
        ids = ", ".join(student.id for student in meant[:AT_MOST]) + ("" if len(meant) <= AT_MOST else ", …")
        raise place.refuse(STUDENT, "one student", f"{shown(given)}, which are {len(meant)}", f"Give an id: {ids}.")
    hint = did_you_mean(given.casefold(), people)
    raise place.refuse(STUDENT, "the id, email or name of a student of the class", shown(given), hint)
