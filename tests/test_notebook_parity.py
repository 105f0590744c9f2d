"""One staircase: asked the same deck, a notebook and the grader come to the same outcomes and the same points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.batch import grade_many
from autograder.exams import SEED, Exams
from autograder.load.assignment import load_assignment
from autograder.load.layouts import Found
from autograder.notebook import Notebook
from autograder.records import Outcome, Report
from conftest import ROOT, SOLUTIONS, SUBMISSIONS

BACKPROP = load_assignment(str(ROOT / "assignments" / "backprop"))
SOLUTION = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")
RIGHT = sorted((SUBMISSIONS / "right").glob("*.py"))
WRONG = sorted((SOLUTIONS / "wrong").glob("*/*.py"))
Points = list[tuple[str, Outcome, int, list[tuple[str, Outcome, int]]]]


def points_in(report: Report) -> Points:
    """The outcome and score of each question, and of each of its families."""
    return [
        (one.name, one.outcome, one.score, [(check.name, check.outcome, check.score) for check in one.checks])
        for one in report.questions
    ]


def whole(file: Path) -> str:
    """A right file as it is; a wrong function among right ones."""
    text = file.read_text(encoding="utf-8")
    return f"{SOLUTION}\n\n{text}" if file in WRONG else text


def checked_in_a_notebook(submission: Path) -> Report:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(submission.read_bytes(), str(submission), "exec"), namespace)
    return Notebook(str(ROOT / "assignments" / "backprop"), namespace=namespace).report()


def assert_parity(files: Sequence[Path], folder: Path) -> None:
    """Of all files in one run of the grader, which names those that differ."""
    found = []
    for number, file in enumerate(files):
        submission = folder / f"{number:03}-{file.parent.name}-{file.stem}.py"
        submission.write_text(whole(file), encoding="utf-8")
        found.append(Found(submission.name, submission))
    exams = Exams(BACKPROP, SEED, decks=1)  # the deck of notebooks: in another one, a share may be another
    graded = {report.submission: points_in(report) for report in grade_many(exams, found, jobs=1)}
    checked = {one.name: points_in(checked_in_a_notebook(one.path)) for one in found}

    assert {name: points for name, points in checked.items() if points != graded[name]} == {}
    assert len(graded) == len(files)


@pytest.mark.once
@pytest.mark.parametrize("files", [RIGHT[::20], WRONG[::40]], ids=["right", "wrong"])
def test_a_notebook_and_the_grader_agree(files: Sequence[Path], tmp_path: Path) -> None:
    """A few of the galleries; `make proof` looks at all of them."""
    assert_parity(files, tmp_path)


@pytest.mark.proof
@pytest.mark.parametrize("start", range(8))
def test_a_notebook_and_the_grader_agree_on_the_whole_gallery(start: int, tmp_path: Path) -> None:
    """Every right submission, and every wrong function among right ones."""
    assert_parity([*RIGHT, *WRONG][start::8], tmp_path)
