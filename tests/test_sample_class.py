"""The sample class is believable: every kind of submission is in it, and it is the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.batch import grade_many
from autograder.exams import Exam
from autograder.load.layouts import find_submissions
from autograder.records import Outcome
from autograder.release.sample_class import make_class
from conftest import SOLUTIONS

pytestmark = pytest.mark.once


def test_the_same_seed_makes_the_same_class(exam: Exam) -> None:
    """A demonstration can be repeated in front of people."""
    assert make_class(exam.assignment, SOLUTIONS, 48, 1) == make_class(exam.assignment, SOLUTIONS, 48, 1)
    assert make_class(exam.assignment, SOLUTIONS, 48, 1) != make_class(exam.assignment, SOLUTIONS, 48, 2)


def test_every_student_has_a_name_and_half_work_in_notebooks(exam: Exam) -> None:
    """However large the class, nobody's file overwrites another's."""
    files = make_class(exam.assignment, SOLUTIONS, 130, 1)

    assert len(files) == 130
    assert sum(name.endswith(".ipynb") for name in files) == 65


def test_the_class_has_right_work_and_mistakes_and_trouble(exam: Exam, tmp_path: Path) -> None:
    """Full marks, half-done work, a lost cell, a crash and an endless loop are all there."""
    for name, text in make_class(exam.assignment, SOLUTIONS, 24, 2026).items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    reports = list(grade_many(exam, find_submissions([tmp_path])))

    scores = [report.score for report in reports]
    outcomes = {question.outcome for report in reports for question in report.questions}
    assert max(s for s in scores if s is not None) == 100
    assert len(set(scores)) > 6
    assert outcomes == {Outcome.PASSED, Outcome.FAILED, Outcome.NOT_STARTED, Outcome.STOPPED, Outcome.SKIPPED}
    assert any(note.fault == "syntax-error" for report in reports for note in report.notes)
