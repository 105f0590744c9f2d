"""A graded class for Moodle: scores and feedback filled into the grading worksheet of an assignment.

Moodle finds the columns by their names in the language of the site, and refuses others; so its own worksheet is filled
in, and its columns are known by what stands in them, which is the same in every language:

- the first column tells people apart: the same word for all, and a number;
- the grades stand left of the maximum grade, which is the same number on every line;
- the last column of times, or `-` for never, is when a grade was last changed; feedback stands right of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.errors import UsageError
from autograder.gradebook import Gradebook, Student
from autograder.render.columns import choose_column
from autograder.render.csv_cells import Cell
from autograder.render.filling import EMPTY, Sheet, as_number, how_written, no_number, read_sheet
from autograder.render.spreadsheet import on_one_line
from autograder.render.who import Who, came_from, letters_of, line_of

PLATFORM = "moodle"
IDENTIFIER = re.compile(r"(?P<word>\D*)(?P<number>\d+)")
TIME = re.compile(r"\d{1,2}[:.]\d\d")
NEVER = "-"

WHERE = "In Moodle: the assignment → View all submissions → Grading action → Download grading worksheet."
NO_WORKSHEET = f"""\
Moodle imports grades into a worksheet of its own only: it knows students by numbers that nobody else has, and columns \
by their names in the language of the site.
  wanted  --worksheet FILE
  {WHERE}
  It is there once the assignment has the feedback type "Offline grading worksheet"."""

Rows = Mapping[int, Sequence[Cell]]


def moodle_sheet(content: bytes, name: str, gradebook: Gradebook, column: str | None = None) -> Sheet:
    """A grading worksheet, in any language. Without `column`, the grades are found by what stands beside them.

    Raises UsageError where it is no worksheet, and where it is not clear which column has the grades.
    """
    file = read_sheet(content, name)
    rows: Rows = {row: cells for row, cells in enumerate(file.rows) if row and cells}
    numbers = _numbers(rows)
    if not numbers:
        raise UsageError(
            f"{name}: no grading worksheet of Moodle\n"
            "  wanted  a first column that tells people apart, such as Participant 657690\n"
            f"  got     {_first(rows)}\n  {WHERE}"
        )
    titles = {index: cell.text.strip() for index, cell in enumerate(file.rows[0]) if index}
    maximum = _maximum(rows, len(file.rows[0]))
    if column is None and maximum is None:
        raise UsageError(
            f"{name}: it is not clear which column has the grades\n"
            "  wanted  one that is empty or has numbers, and right of it the maximum, the same on every line\n"
            f"  got     {', '.join(map(on_one_line, titles.values()))}\n"
            '  Say which one with --column "…".'
        )
    scores = choose_column(titles, [column], name, True) if column is not None else (maximum or 0) - 1
    decimals, point = how_written(rows[next(iter(rows))][scores + 1].text) if scores + 1 == maximum else (0, ".")
    about = range(1, min(scores, maximum - 1 if maximum else scores))
    return Sheet(
        file=file,
        lines={
            row: _line(number, cells[0].text, [cells[index].text for index in about])
            for (row, cells), number in zip(rows.items(), numbers)
        },
        names=(0, *about[:1]),
        scores=scores,
        feedback=_feedback(rows, scores, len(file.rows[0])),
        decimals=decimals,
        point=point,
        number_of=_number if came_from(gradebook.layout, PLATFORM) else no_number,
        remarks=_remarks(rows, maximum, gradebook),
    )


def _numbers(rows: Rows) -> list[str]:
    """What tells people apart in the first column: nothing where one line has another word, or a number again."""
    found = [IDENTIFIER.fullmatch(cells[0].text.strip()) for cells in rows.values()]
    told = [one for one in found if one is not None]
    numbers = [one["number"] for one in told]
    if len(told) < len(found) or len({one["word"] for one in told}) > 1 or len(set(numbers)) < len(numbers):
        return []
    return numbers


def _line(number: str, identifier: str, about: Sequence[str]) -> Who:
    """A line by its number beside anything that may be the name, or the word that stands for one with blind marking."""
    word = identifier.strip().removesuffix(number)
    return line_of([f"{number} {letters_of(text)}" for text in ("", word, *about)], about, about)


def _number(student: Student) -> str:
    """As in `_line`. Only with the name: the number of a group's hand-in is the group's, and somebody else's here."""
    return f"{student.id} {letters_of(student.name)}"


def _first(rows: Rows) -> str:
    return ", ".join(on_one_line(cells[0].text) or "nothing" for cells in list(rows.values())[:3]) or "no line at all"


def _maximum(rows: Rows, width: int) -> int | None:
    """The one column with the same number on every line, and right of what is empty or has numbers; None for none."""

    def column(index: int) -> list[str]:
        return [cells[index].text.strip() for cells in rows.values()]

    found = [
        index
        for index in range(2, width)
        if len(set(column(index))) == 1
        and (as_number(column(index)[0]) or 0) > 0
        and all(text in EMPTY or as_number(text) is not None for text in column(index - 1))
    ]
    return found[0] if len(found) == 1 else None


def _feedback(rows: Rows, scores: int, width: int) -> int | None:
    """The column right of the last one that has nothing but times and `-`."""

    def is_time(text: str) -> bool:
        return text == NEVER or TIME.search(text) is not None

    times = [i for i in range(scores + 1, width) if all(is_time(cells[i].text.strip()) for cells in rows.values())]
    return times[-1] + 1 if times and times[-1] + 1 < width else None


def _remarks(rows: Rows, maximum: int | None, gradebook: Gradebook) -> tuple[str, ...]:
    most = as_number(next(iter(rows.values()))[maximum].text) if maximum is not None else None
    if most is None:
        return ()
    told = []
    if most != gradebook.max_score:
        told.append(f"The maximum is {most:g} in Moodle, and scores are of {gradebook.max_score}. Nothing is scaled.")
    above = [grade.student.shown for grade in gradebook.grades if grade.score is not None and grade.score > most]
    if above:
        told.append(f"Moodle passes over grades above its maximum: {', '.join(map(on_one_line, above))}.")
    return tuple(told)
