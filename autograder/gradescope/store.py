"""The exams of an upload: made when its image is built, read when a submission comes.

They hold right answers, so they lie where only root may read, and are never part of the zip.
"""

from __future__ import annotations

import pickle
from pathlib import Path

from autograder.exams import DECKS, Exam, make_exam, make_further_exam
from autograder.records import Assignment
from autograder.render.feedback import Catalogue

FOLDER = "exams"


def store_exams(assignment: Assignment, seed: int, source: Path) -> None:
    """One file for each deck. Raises AssignmentError when one cannot be asked, and OSError."""
    folder = source / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    first = make_exam(assignment, seed)
    for index in range(DECKS):
        exam = first if index == 0 else make_further_exam(first, index)
        (folder / f"{index}.exam").write_bytes(pickle.dumps((exam.deck, exam.reference), protocol=5))


def read_exam(assignment: Assignment, index: int, source: Path) -> Exam:
    """The exam of that deck, as `store_exams` has left it. Raises OSError where it is not there."""
    # Written by ourselves when the image was built, in a folder that nobody else may write to.
    deck, reference = pickle.loads((source / FOLDER / f"{index}.exam").read_bytes())
    return Exam(assignment, deck, reference, Catalogue.load(assignment), assignment.questions)
