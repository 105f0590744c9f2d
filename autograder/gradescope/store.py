"""The exams of an upload: made when its image is built, read when a submission comes.

They hold right answers, so they lie where only root may read, and are never part of the zip.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.checks.reference import Reference
from autograder.checks.trajectory import Trajectory, remember, trajectory_of
from autograder.exams import DECKS, Exam, make_exam, make_further_exam
from autograder.records import Assignment, Deck
from autograder.render.feedback import Catalogue, constants_of
from autograder.sandbox.client import EncodedDeck, at_hand, encode

FOLDER = "exams"


@dataclass(frozen=True)
class _Stored:
    """All that is worked out beforehand. `trajectories` are those of the deck's training runs, by place."""

    deck: Deck
    reference: Reference
    trajectories: dict[int, Trajectory]
    encoded: EncodedDeck
    catalogue: Catalogue


def store_exams(assignment: Assignment, seed: int, source: Path) -> None:
    """One file for each deck. Raises AssignmentError when one cannot be asked, and OSError."""
    folder = source / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    first = make_exam(assignment, seed)
    for index in range(DECKS):
        exam = first if index == 0 else make_further_exam(first, index)
        trajectories = _trajectories(assignment, exam.deck)
        stored = _Stored(exam.deck, exam.reference, trajectories, encode(exam.deck), exam.catalogue)
        (folder / f"{index}.exam").write_bytes(pickle.dumps(stored, protocol=5))


def _trajectories(assignment: Assignment, deck: Deck) -> dict[int, Trajectory]:
    runs = {place: case for place, case in enumerate(deck.cases) if case.run is not None and case.run.steps}
    return {place: trajectory_of(assignment, case) for place, case in runs.items()}


def read_exam(assignment: Assignment, index: int, source: Path) -> Exam:
    """The exam of that deck, as `store_exams` has left it. Raises OSError where it is not there."""
    # Written by ourselves when the image was built, in a folder that nobody else may write to.
    stored: _Stored = pickle.loads((source / FOLDER / f"{index}.exam").read_bytes())
    at_hand(stored.deck, stored.encoded)
    for place, trajectory in stored.trajectories.items():
        remember(stored.deck.cases[place], trajectory)
    catalogue = replace(stored.catalogue, constants=constants_of(assignment))  # there may be less memory by now
    return Exam(assignment, stored.deck, stored.reference, catalogue, assignment.questions)
