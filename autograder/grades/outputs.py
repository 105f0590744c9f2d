"""Everything that is made of a folder of grades, from class.json and results.jsonl alone: at any time, and the same."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from pathlib import Path

from autograder.errors import GraderError
from autograder.gradebook import Gradebook
from autograder.grades.class_file import ClassFile, catalogue_of, read_class_file
from autograder.grades.pages import STUDENTS, write_pages
from autograder.grades.reading import read_gradebook
from autograder.grades.replacing import replace_text
from autograder.render.class_page import render_class_page
from autograder.render.grades_csv import render_grades_csv

OUTPUTS: Mapping[str, Callable[[Gradebook, ClassFile], str]] = {
    "grades.csv": lambda gradebook, _: render_grades_csv(gradebook),
    "report.html": lambda gradebook, facts: render_class_page(gradebook, catalogue_of(facts)),
}
"""Files of the folder, and how each is made."""


def write_outputs(folder: Path) -> tuple[str, ...]:
    """Write all outputs, each in one step, and return what they are called in the folder.

    Raises UsageError for a folder without grades, and GraderError where the disk is full: the results stay.
    """
    facts, gradebook = read_class_file(folder), read_gradebook(folder)
    try:
        for name, make in OUTPUTS.items():
            replace_text(folder / name, make(gradebook, facts))
        write_pages(folder, gradebook, facts.language)
    except OSError as error:
        raise out_of_room(folder, error, "All results are kept, but not all pages could be written.") from error
    return (*OUTPUTS, f"{STUDENTS}/*.html", f"{STUDENTS}/*.txt")


def out_of_room(folder: Path, error: OSError, kept: str) -> GraderError:
    """What to say of an error while writing: what is kept, and how to go on."""
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    first = "Make room, then go" if is_full else "Go"
    return GraderError(f"{folder}: {error.strerror}. {kept} {first} on with the same command and --resume.")
