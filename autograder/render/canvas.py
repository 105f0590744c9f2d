"""A graded class for Canvas: scores filled into its own gradebook, or a file in the form that it imports.

An exported gradebook begins with columns on the student, up to `Section`; each assignment has a column that ends in its
number. Lines without an `ID` follow the first one: what is hidden, and the points possible, where what cannot be
written says "(read only)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.errors import UsageError
from autograder.gradebook import Gradebook
from autograder.render.columns import choose_column
from autograder.render.csv_cells import CsvFile
from autograder.render.filling import Sheet, as_number, how_written, no_number, read_sheet
from autograder.render.grades_csv import as_csv
from autograder.render.spreadsheet import number_cell, on_one_line, text_cell
from autograder.render.who import came_from, line_of

PLATFORM = "canvas"
IDS = ("SIS User ID", "SIS Login ID", "Integration ID")
NAMES = ("Student", "LastName", "FirstName")
KNOWN = ("ID", *IDS, *NAMES, "Root Account", "Section")
LOCKED = frozenset({"EX", "N/A"})
"""Excused, and not assigned."""

READ_ONLY = re.compile(r"\(.*\)")
NUMBERED = re.compile(r"(?P<title>.*?)\s*\((?P<number>\d+)\)")
POINTS = "    Points Possible"


def canvas_sheet(content: bytes, name: str, gradebook: Gradebook, column: str | None = None) -> Sheet:
    """An exported gradebook. The column is the one that the instructor names, or the one with the assignment's title.

    Raises UsageError where it is no gradebook of Canvas, or where it is not clear which column is meant.
    """
    file = read_sheet(content, name)
    header = [cell.text.strip() for cell in file.rows[0]]
    if "ID" not in header or not set(NAMES) & set(header):
        raise UsageError(
            f"{name}: no gradebook of Canvas\n  wanted  the columns Student and ID in the first line\n"
            f"  got     {', '.join(map(on_one_line, header[:6]))}{', …' if len(header) > 6 else ''}\n"
            "  In Canvas: Grades → Export → Export Entire Gradebook."
        )
    id_column = header.index("ID")
    rows = {row: cells for row, cells in enumerate(file.rows) if row and cells}
    people = [row for row, cells in rows.items() if cells[id_column].text.strip()]
    above = [row for row in rows if not people or row < people[0]]
    points = [cell.text.strip() for cell in file.rows[above[-1]]] if above else [""] * len(header)
    after = max(header.index(one) for one in KNOWN if one in header)
    known = {
        index: header[index]
        for index in range(after + 1, len(header))
        if NUMBERED.fullmatch(header[index]) and not READ_ONLY.fullmatch(points[index])
    }
    wanted = [column] if column else [gradebook.title, gradebook.assignment]
    scores = choose_column(known, wanted, name, is_named=column is not None)
    names = tuple(header.index(one) for one in NAMES if one in header)
    decimals, point = how_written(points[scores])
    return Sheet(
        file=file,
        lines={
            row: line_of(
                [rows[row][id_column].text],
                [rows[row][header.index(one)].text for one in IDS if one in header],
                [", ".join(rows[row][column].text for column in names)],
            )
            for row in people
        },
        names=names,
        scores=scores,
        decimals=decimals,
        point=point,
        locked=LOCKED,
        number_of=(lambda student: student.id) if came_from(gradebook.layout, PLATFORM) else no_number,
        remarks=_remarks(file, scores, points[scores], gradebook.max_score),
    )


def _remarks(file: CsvFile, scores: int, points: str, max_score: int) -> tuple[str, ...]:
    possible = as_number(points)
    if possible is None or possible == max_score:
        return ()
    title = on_one_line(file.rows[0][scores].text)
    return (f"{title} has {points} points possible in Canvas, and scores are of {max_score}. Nothing is scaled.",)


def render_canvas_import(gradebook: Gradebook, column: str | None = None) -> str:
    """A file that Canvas imports, where there is no gradebook of it to fill in: students, and one column of scores.

    Ids stand where Canvas looks for them: its own under `ID`, those of others under `SIS User ID`. Without `column`,
    the assignment's title is the column's, and Canvas asks which assignment that is.
    """
    title = column or gradebook.title
    rows: list[Sequence[str]] = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", text_cell(title)]]
    rows.append([POINTS, "", "", "", "", number_cell(gradebook.max_score)])
    for grade in gradebook.grades:
        student, id = grade.student, text_cell(grade.student.id)
        ids = [id, ""] if came_from(gradebook.layout, PLATFORM) else ["", id]
        score = number_cell(grade.score)
        rows.append([text_cell(student.name), *ids, text_cell(student.email), text_cell(student.section), score])
    return as_csv(rows)
