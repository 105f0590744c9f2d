"""Scores filled into a file that a platform gave: what changes, what is kept, and who is not found is told.

A cell that holds another score already is somebody's decision: it is kept unless the instructor says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from autograder.errors import UsageError
from autograder.gradebook import Grade, Student
from autograder.render.csv_cells import Cell, CsvFile, fill_in, read_csv
from autograder.render.spreadsheet import number_cell
from autograder.render.who import Who, find_students, who_is

EMPTY = ("", "-")
"""What platforms write where there is nothing."""

WITHOUT, LOCKED, SAME, CHANGED, KEPT = "without score", "locked", "same", "changed", "kept"
"""What becomes of the cell of a student whose line is found."""

NOBODY = "a line without a name"


def no_number(_student: Student) -> str:
    """What a platform knows a student by who came from elsewhere."""
    return ""


@dataclass(frozen=True)
class Sheet:
    """A platform's file, understood: which lines are whose, and where scores and feedback stand.

    `lines` are by row. `names` are columns that tell a person who it is. Numbers are written with `decimals` and
    `point`; a cell that holds one of `locked` is never changed. `number_of` says what this platform knows a student of
    ours by, as it stands in the lines; nothing, where the class came from elsewhere.
    """

    file: CsvFile
    lines: Mapping[int, Who]
    names: tuple[int, ...]
    scores: int
    feedback: int | None = None
    decimals: int = 0
    point: str = "."
    locked: frozenset[str] = frozenset()
    number_of: Callable[[Student], str] = no_number
    remarks: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        return self.file.rows[0][self.scores].text


@dataclass(frozen=True)
class Change:
    """A cell that is filled in, or would be: its line, whose it is, what stood there and what we have to say."""

    line: int
    who: str
    old: str
    new: str


@dataclass(frozen=True)
class Filling:
    """A file, filled in, and all that a person has to know of it.

    `kept` are cells that hold another score, `locked` those that the platform does not let us change. `unclear` lines
    may be of several students; `absent` are students of ours who have a score and no line; `others` counts the lines of
    people who are none of ours. `feedback` counts cells of words that are filled in, `feedback_kept` those that
    have others already.
    """

    content: bytes
    column: str
    changed: tuple[Change, ...]
    same: int
    kept: tuple[Change, ...]
    locked: tuple[Change, ...]
    without_score: tuple[str, ...]
    unclear: tuple[str, ...]
    absent: tuple[str, ...]
    others: int
    feedback: int
    feedback_kept: int
    remarks: tuple[str, ...]


def read_sheet(content: bytes, name: str) -> CsvFile:
    """The cells of a platform's file. Raises UsageError where it is no table, or one with a line that is cut off."""
    try:
        file = read_csv(content)
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: no text. Give the CSV just as the platform wrote it.") from error
    if not file.rows or not file.rows[0]:
        raise UsageError(
            f"{name}: no first line with the names of columns. Give the CSV just as the platform wrote it."
        )
    for row in file.rows:
        if row and len(row) != len(file.rows[0]):
            raise UsageError(
                f"{name}: line {line_number(file, row)}\n  wanted  {len(file.rows[0])} cells, as in the first line\n"
                f"  got     {len(row)}\n  Give the CSV just as the platform wrote it."
            )
    return file


def fill_scores(
    sheet: Sheet, grades: Sequence[Grade], say: Callable[[Grade], str] | None = None, overwrite: bool = False
) -> Filling:
    """The file with the scores of all whose line is found; `say` has the words for a cell of feedback."""
    found = find_students(sheet.lines, [who_is(grade.student, sheet.number_of(grade.student)) for grade in grades])
    cells: dict[tuple[int, int], str] = {}
    changes: dict[str, list[Change]] = {kind: [] for kind in (WITHOUT, LOCKED, SAME, CHANGED, KEPT)}
    told = words_kept = 0
    for row, index in found.students.items():
        grade, written = grades[index], sheet.file.rows[row]
        new = number_cell(grade.score, sheet.decimals, sheet.point)
        old = written[sheet.scores].text.strip()
        kind = _kind(old, new, sheet.locked, overwrite)
        changes[kind].append(Change(line_number(sheet.file, written), _named(grade), old, new))
        if kind == CHANGED:
            cells[row, sheet.scores] = new
        if kind in (CHANGED, SAME) and say is not None and sheet.feedback is not None:
            was, words = written[sheet.feedback].text.strip(), say(grade)
            if was in EMPTY or (overwrite and was != words):
                cells[row, sheet.feedback] = words
                told += 1
            elif was != words:
                words_kept += 1
    lost = set(range(len(grades))) - set(found.students.values())
    return Filling(
        content=fill_in(sheet.file, cells),
        column=sheet.column,
        changed=tuple(changes[CHANGED]),
        same=len(changes[SAME]),
        kept=tuple(changes[KEPT]),
        locked=tuple(changes[LOCKED]),
        without_score=tuple(change.who for change in changes[WITHOUT]),
        unclear=tuple(_shown(sheet, row) for row in sorted(found.unclear)),
        absent=tuple(_named(grades[index]) for index in sorted(lost) if grades[index].score is not None),
        others=len(sheet.lines) - len(found.students) - len(found.unclear),
        feedback=told,
        feedback_kept=words_kept,
        remarks=sheet.remarks,
    )


def _kind(old: str, new: str, locked: frozenset[str], overwrite: bool) -> str:
    """What becomes of a cell. Where it keeps another score, it keeps the words on that score as well."""
    if not new:
        return WITHOUT
    if old in locked:
        return LOCKED
    if as_number(old) == as_number(new):
        return SAME
    return CHANGED if old in EMPTY or overwrite else KEPT


def as_number(text: str) -> float | None:
    """A number as platforms write one, with a point or a comma; None for anything else."""
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return round(number, 2) if number == number else None


def line_number(file: CsvFile, row: Sequence[Cell]) -> int:
    """The line of the file at which a row begins, counted from 1."""
    before = file.text[: row[0].start]
    return 1 + before.count("\n") + before.replace("\r\n", "").count("\r")


def how_written(text: str) -> tuple[int, str]:
    """How many decimals a number has, and the sign before them: `100,00` has 2 and a comma."""
    for point in (",", "."):
        _, found, decimals = text.strip().rpartition(point)
        if found and decimals.isdigit():
            return min(len(decimals), 2), point
    return 0, "."


def _named(grade: Grade) -> str:
    """A student as a person finds them in their own lists."""
    student = grade.student
    return f"{student.name} ({student.id})" if student.name else student.id


def _shown(sheet: Sheet, row: int) -> str:
    """A line as a person finds it again."""
    texts = [sheet.file.rows[row][column].text.strip() for column in sheet.names]
    name = ", ".join(text for text in texts if text) or NOBODY
    return f"line {line_number(sheet.file, sheet.file.rows[row])}: {name}"
