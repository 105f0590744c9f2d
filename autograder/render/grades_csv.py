"""A graded class as `grades.csv`: a line for each student, for people with a spreadsheet and for programs alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from autograder.gradebook import Grade, Gradebook
from autograder.records import QuestionResult
from autograder.render.spreadsheet import number_cell, text_cell

BOM = "\ufeff"
"""Excel takes a CSV without it for one in the code page of its country, and spoils most of the world's names."""

COLUMNS = (
    "student", "name", "email", "section", "score", "max_score", "raw", "late", "adjusted", "reasons", "attempts",
    "attempt", "submitted", "outcome",
)  # fmt: skip
"""What stands before the questions. `raw` + `late` + `adjusted` is the `score`."""

MISTAKES = "misconceptions"
NOTHING = "nothing handed in"
IN_ONE_CELL = "; "


def render_grades_csv(gradebook: Gradebook) -> str:
    """The grades in their order, as text to be written in UTF-8. Nobody is left out: who has no score has an empty one.

    Questions have a column each, named and ordered as in the assignment.
    """
    questions = _names_of_questions(gradebook.grades)
    rows = [[*COLUMNS, *questions, MISTAKES], *(_row(grade, questions) for grade in gradebook.grades)]
    return BOM + as_csv(rows)


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as text, with quotes where they are needed and a line end after each."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _names_of_questions(grades: Iterable[Grade]) -> list[str]:
    return list(dict.fromkeys(question.name for grade in grades for question in _questions(grade)))


def _row(grade: Grade, questions: Sequence[str]) -> list[str]:
    student, entry = grade.student, grade.entry
    scores = {question.name: question.score for question in _questions(grade)}
    mistakes = [f"{one.name}: {id}" for one in _questions(grade) for id in one.misconceptions]
    return [
        *map(text_cell, (student.id, student.name, student.email, student.section)),
        number_cell(grade.score),
        number_cell(grade.max_score),
        number_cell(entry.report.score if entry else None),
        number_cell(_sum_of(grade, "late")),
        number_cell(_sum_of(grade, "override", "points")),
        text_cell(IN_ONE_CELL.join(f"{one.kind}: {one.reason}" for one in grade.adjustments)),
        number_cell(grade.attempts),
        number_cell(entry.handin.attempt) if entry else "",
        text_cell(entry.handin.submitted) if entry else "",
        entry.report.outcome.value if entry else NOTHING,
        *(number_cell(scores.get(name)) for name in questions),
        text_cell(IN_ONE_CELL.join(mistakes)),
    ]


def _questions(grade: Grade) -> tuple[QuestionResult, ...]:
    return grade.entry.report.questions if grade.entry else ()


def _sum_of(grade: Grade, *kinds: str) -> float | None:
    """The points of these adjustments; None where there are none, which is not the same as 0 points."""
    points = [one.points for one in grade.adjustments if one.kind in kinds]
    return sum(points) if points else None
