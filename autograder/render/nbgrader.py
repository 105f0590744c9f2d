"""A graded class as the CSV that nbgrader exports, for whoever has programs that read it."""

from __future__ import annotations

from datetime import timezone

from autograder.gradebook import Grade, Gradebook
from autograder.render.grades_csv import as_csv
from autograder.render.spreadsheet import number_cell, text_cell
from autograder.times import read_time

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
    "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def render_nbgrader(gradebook: Gradebook) -> str:
    """A line for each student. Times are in UTC without saying so, as nbgrader writes them."""
    return as_csv([COLUMNS, *(_row(grade, gradebook) for grade in gradebook.grades)])


def first_and_last(name: str) -> tuple[str, str]:
    """Both as well as can be told: what stands behind a comma is the first name, else the last word is the last one."""
    if "," in name:
        last, _, first = name.partition(",")
    else:
        first, _, last = name.strip().rpartition(" ")
    return first.strip(), last.strip()


def _row(grade: Grade, gradebook: Gradebook) -> list[str]:
    student, entry = grade.student, grade.entry
    first, last = first_and_last(student.name)
    late = -sum(one.points for one in grade.adjustments if one.kind == "late")
    return [
        text_cell(gradebook.assignment),
        _in_utc(gradebook.policy.due),
        _in_utc(entry.handin.submitted) if entry else "",
        *map(text_cell, (student.id, last, first, student.email)),
        number_cell(entry.report.score if entry else None),
        number_cell(late if entry else None),
        number_cell(grade.score),
        number_cell(grade.max_score),
    ]


def _in_utc(time: str) -> str:
    read = read_time(time)
    return read.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S") if read else ""
