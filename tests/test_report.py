"""`grader report`: the page of a class from its folder, or from a Gradescope export, as the command makes it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from classes import catalogue, graded, scored

from autograder.gradebook import Entry, Policy
from autograder.grades.class_file import ClassFile, write_class_file
from autograder.grades.folder import RESULTS
from autograder.grades.ledger import Stamp, line_of
from autograder.load.assignment import load_assignment
from autograder.records import Outcome
from autograder.render.feedback import load_gradescope_words, load_screen_words
from autograder.render.gradescope import Attempt, gradescope_results
from conftest import ROOT

GRADER = [sys.executable, "-c", "from grader_cli.main import main; main()"]


def grader(*args: object, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*GRADER, *map(str, args)], capture_output=True, text=True, env={**os.environ, **env}, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of grades as `grader grade --out` leaves it: two students handed in, and one did not."""
    folder = tmp_path / "grades"
    folder.mkdir()
    grades = [graded("Ada Lovelace", scored(8, 12, 14)), graded("Bo", scored(8, 3, 14)), graded("Cy", None)]
    entries = [grade.entry for grade in grades if grade.entry is not None]
    facts = ClassFile(
        assignment="backprop", title="Homework 1", language="en", version="1.0", seed=7, max_score=34, layout="folder",
        layers={}, policy=Policy(), handins=2, names=catalogue().names, own_mistakes={},
        students=tuple(grade.student for grade in grades),
    )  # fmt: skip
    write_class_file(folder, facts)
    (folder / RESULTS).write_bytes(b"".join(line_of(entry, Stamp("backprop", "1.0", 7)) for entry in entries))
    return folder


def test_the_page_of_a_folder(folder: Path) -> None:
    """It lies in the folder, and its links lead to the pages of students beside it."""
    done = grader("report", folder)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Class       3 students, 2 of them handed in\n"
        f"Wrote       {folder / 'report.html'}\n"
        f"Next        grader report {folder} --anonymous   to show it in class\n"
    )
    html = (folder / "report.html").read_text(encoding="utf-8")
    assert "<h1>Homework 1</h1>" in html
    assert 'href="students/Ada-Lovelace.html"' in html


def test_an_anonymous_page_lies_beside_the_other_one(folder: Path) -> None:
    """Neither takes the other's place."""
    done = grader("report", folder, "--anonymous")

    assert done.stdout.endswith(f"Wrote       {folder / 'report-anonymous.html'}\n")
    html = (folder / "report-anonymous.html").read_text(encoding="utf-8")
    assert "Student 1" in html
    assert not [word for word in ("Ada", "Lovelace", "students/") if word in html]
    assert not (folder / "report.html").exists()


def test_a_page_somewhere_else_leads_nowhere(folder: Path, tmp_path: Path) -> None:
    """The pages of students are not beside it."""
    grader("report", folder, "-o", tmp_path / "page.html")

    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Ada Lovelace" in html
    assert "students/" not in html


def test_open_shows_the_page(folder: Path) -> None:
    """In the browser that the machine names; the test's one prints the address."""
    done = grader("report", folder, "--open", BROWSER="echo opened %s")

    assert f"opened {(folder / 'report.html').resolve().as_uri()}" in done.stdout


def export_of(folder: Path, entries: list[Entry]) -> Path:
    """An export of Gradescope, unpacked, whose results are ours."""
    assignment = load_assignment(str(ROOT / "assignments" / "backprop"))
    attempt = Attempt(1, {"files": "active"}, 1.5, assignment.version, assignment.name)
    document = {}
    for place, entry in enumerate(entries, 1):
        results = gradescope_results(entry.report, attempt, load_gradescope_words("en"), load_screen_words("en"))
        (student,) = entry.handin.students
        document[f"submission_{place}"] = {
            ":submitters": [{":name": student.name, ":sid": student.id, ":email": student.email}],
            ":created_at": "2026-11-23 17:00:00 Z",
            ":results": results,
        }
    path = folder / "assignment_12_export"
    path.mkdir()
    (path / "submission_metadata.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def test_the_page_of_a_gradescope_export(tmp_path: Path) -> None:
    """Nothing is graded again; the page lies beside the export, and leads nowhere."""
    assignment = load_assignment(str(ROOT / "assignments" / "backprop"))
    told = scored(8, 12, 14)
    have = {question.name: question for question in told.questions}
    empty = replace(told.questions[0], outcome=Outcome.FAILED, score=0)
    questions = tuple(
        replace(have.get(one.name, empty), name=one.name, function=one.function, max_score=one.max_score,
                checks=tuple(replace(have.get(one.name, empty).checks[0], name=family, score=0, max_score=points)
                             for family, points in one.points.items()))
        for one in assignment.questions
    )  # fmt: skip
    entry = graded("Ada", replace(told, questions=questions, max_score=assignment.max_score)).entry
    assert entry is not None
    done = grader("report", export_of(tmp_path, [entry]))

    assert (done.returncode, done.stderr) == (0, "")
    html = (tmp_path / "assignment_12_export-report.html").read_text(encoding="utf-8")
    assert "Ada" in html
    assert "students/" not in html


WRONG = [
    ("empty-folder", ".", "no grades are kept there."),
    ("file", "notes.txt", "this is neither a folder that `grader grade --out` made nor an export of Gradescope: it has "
     "no submission_metadata.yml. In Gradescope: Review Grades → Export Submissions."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "says"), [rest for _, *rest in WRONG], ids=[id for id, *_ in WRONG])
def test_whatever_holds_no_grades_is_told_so(tmp_path: Path, name: str, says: str) -> None:
    """With what to try."""
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    done = grader("report", tmp_path / name)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: {tmp_path / name}: {says}")
