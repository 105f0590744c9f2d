"""A page and a text for each student, one at a time: nobody holds the evidence of a whole class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autograder.gradebook import Grade, Gradebook, entry_from_json
from autograder.grades.folder import RESULTS
from autograder.grades.ledger import Stamp, read_lines, stamp_of
from autograder.grades.replacing import replace_text
from autograder.render.people import student_files
from autograder.render.student_page import render_student_page, render_student_text

STUDENTS = "students"
KINDS = {".html": render_student_page, ".txt": render_student_text}


def write_pages(folder: Path, gradebook: Gradebook, language: str) -> None:
    """Write `students/*.html` and `students/*.txt`, and remove those of people who have none any more.

    Raises OSError.
    """
    into = folder / STUDENTS
    into.mkdir(exist_ok=True)
    wanted = set()
    for stem, grade in _with_evidence(folder, gradebook):
        for kind, render in KINDS.items():
            wanted.add(f"{stem}{kind}")
            replace_text(into / f"{stem}{kind}", render(grade, gradebook.title or gradebook.assignment, language))
    for path in into.iterdir():
        if path.suffix in (*KINDS, ".new") and path.name not in wanted:
            path.unlink()


def _with_evidence(folder: Path, gradebook: Gradebook) -> Iterator[tuple[str, Grade]]:
    """What the files of a student are called, and the grade with the whole entry that makes it, line by line."""
    by_handin: dict[str, list[tuple[str, Grade]]] = {}
    for stem, grade in zip(student_files(gradebook.grades), gradebook.grades):
        if grade.entry is not None:
            by_handin.setdefault(grade.entry.handin.name, []).append((stem, grade))
    stamp = Stamp(gradebook.assignment, gradebook.version, gradebook.seed)
    for _, _, line in read_lines(folder / RESULTS):
        own = by_handin.get(line["handin"]["name"], [])
        if own and stamp_of(line) == stamp:
            entry = entry_from_json(line)
            yield from ((stem, replace(grade, entry=entry)) for stem, grade in own)
