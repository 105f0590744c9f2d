"""What a notebook or script may look like, beside right functions, without costing a point."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.grading import Exam, grade
from autograder.load.layouts import Found, load_submission
from autograder.records import ReportOutcome, Submission
from autograder.sandbox.client import Sandbox
from conftest import SUBMISSIONS

GALLERY = sorted((SUBMISSIONS / "loading").iterdir())

SAID: dict[str, list[str]] = {
    "first-try-and-second-try.ipynb": [
        "multiply_backward is defined 2 times (code cell 4, line 1; code cell 5, line 1). The last one counts.",
    ],
    "first-try-that-does-not-parse.ipynb": [
        "Code cell 6, line 1, “def sigmoid_backward(grad_out, out)”: expected ':'. Only what is defined there is lost.",
    ],
    "percent-cells.py": [
        "Line 48, “for step in range(10)”: expected ':'. Only what is defined there is lost.",
    ],
    "scratch-cell-that-does-not-parse.ipynb": [
        "Code cell 8, line 2, “grads = add_backward(np.ones(3), np.ones(3), np.ones(3)”: '(' was never closed. "
        "Only what is defined there is lost.",
    ],
    "star-import-of-a-missing-module.ipynb": [
        "Code cell 1, line 1, “from pylab import *”, raised ModuleNotFoundError: No module named 'pylab'. "
        "So * could not be defined.",
    ],
}
"""The notes of the files that have any."""


@pytest.fixture(scope="module")
def sandbox(exam: Exam) -> Iterator[Sandbox]:
    with Sandbox(exam.assignment) as sandbox:
        yield sandbox


@pytest.mark.parametrize("file", GALLERY, ids=lambda file: file.name)
def test_what_stands_beside_right_functions_costs_nothing(file: Path, exam: Exam, sandbox: Sandbox) -> None:
    """Each file has all functions right and is named after what the loader must survive; what is lost is said."""
    submission = load_submission(Found(file.name, file))
    assert isinstance(submission, Submission)

    report = grade(exam, submission, sandbox)

    assert [note.message for note in report.notes] == SAID.get(file.name, [])
    assert report.outcome is ReportOutcome.GRADED
    assert report.score == exam.assignment.max_score


def test_all_that_is_said_is_said_of_a_file_of_the_gallery() -> None:
    """A file that is renamed takes its notes along."""
    assert set(SAID) <= {file.name for file in GALLERY}
