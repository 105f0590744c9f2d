"""`grader export`: what it writes, what it prints, and what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from test_cli import grader

from conftest import ROOT, SOLUTIONS

WORKSHEET = (
    "Identifier,Full name,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\r\n"
    "Participant 1,ada,Submitted,,100.00,-,\r\n"
    "Participant 2,bob,Submitted,50.00,100.00,-,\r\n"
)
CANVAS = (
    "Student,ID,SIS Login ID,Section,hw1 (4711)\n    Points Possible,,,,100.00\nLovelace,1,ada,A,\nHopper,2,grace,A,\n"
)


@pytest.fixture(scope="module")
def grades(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hand-ins, graded into a folder: everything right, and nothing written."""
    folder = tmp_path_factory.mktemp("class")
    shutil.copy(SOLUTIONS / "solution.py", folder / "ada.py")
    shutil.copy(ROOT / "assignments" / "backprop" / "backprop.py", folder / "bob.py")
    done = grader("grade", folder / "ada.py", folder / "bob.py", "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    return folder / "out"


@pytest.mark.parametrize(
    ("platform", "name", "head"),
    [
        ("csv", "grades.csv", "\ufeffstudent,name,email,section,score,max_score,"),
        ("nbgrader", "nbgrader.csv", "assignment,duedate,timestamp,student_id,"),
        ("canvas", "canvas.csv", "Student,ID,SIS User ID,SIS Login ID,Section,Backpropagation by hand\n"),
    ],
)
def test_a_file_is_made_for_each_platform(platform: str, name: str, head: str, grades: Path) -> None:
    """In the folder of grades, with the next step as the last line."""
    done = grader("export", grades, "--to", platform)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == f"Wrote       {grades / name}"
    assert done.stdout.splitlines()[-1].startswith("Next        ")
    assert (grades / name).read_text(encoding="utf-8").startswith(head)


def test_a_worksheet_is_filled_in_beside_the_one_that_was_given(grades: Path, tmp_path: Path) -> None:
    """That one stays as it is; what holds another score is kept."""
    file = tmp_path / "worksheet.csv"
    file.write_bytes(WORKSHEET.encode())
    done = grader("export", grades, "--to", "moodle", "--worksheet", file, "-o", tmp_path / "filled.csv")

    assert done.stdout == (
        "Column      Grade\n"
        "Filled in   1 score, 1 cell of feedback\n"
        "Kept        1 cell with another score. --overwrite replaces it.\n"
        "            line 3: bob, 50.00, ours is 0.00\n"
        f"Wrote       {tmp_path / 'filled.csv'}\n"
        "Next        in Moodle: the assignment → View all submissions → Grading action →\n"
        "              Upload grading worksheet\n"
    )
    assert file.read_bytes() == WORKSHEET.encode()
    filled = (tmp_path / "filled.csv").read_bytes().decode()
    assert filled == WORKSHEET.replace("Submitted,,100.00,-,", "Submitted,100.00,100.00,-,100 / 100")


def test_a_dry_run_writes_nothing(grades: Path, tmp_path: Path) -> None:
    """It tells each cell that would change, and whom it did not find."""
    file = tmp_path / "canvas.csv"
    file.write_text(CANVAS)
    words = ("--gradebook", file, "--column", "hw1", "-o", tmp_path / "filled.csv", "--dry-run")
    done = grader("export", grades, "--to", "canvas", *words)

    assert done.stdout == (
        "Column      hw1 (4711)\n"
        "Would fill  1 score\n"
        "            line 3: ada, empty → 100.00\n"
        "Not found   A score of ours, and no line in this file.\n"
        "            bob\n"
        "Others      1 line is of nobody in these grades.\n"
        "\nNothing was written. Next   the same without --dry-run\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["canvas.csv"]


REFUSED = {
    "moodle without a worksheet": (
        ["--to", "moodle"],
        "Error: Moodle imports grades into a worksheet of its own only: it knows students by numbers that nobody else "
        "has, and columns by their names in the language of the site.\n"
        "  wanted  --worksheet FILE\n"
        "  In Moodle: the assignment → View all submissions → Grading action → Download grading worksheet.\n"
        '  It is there once the assignment has the feedback type "Offline grading worksheet".\n',
    ),
    "a file of another platform": (
        ["--to", "canvas", "--worksheet", "w.csv"],
        "Error: --worksheet is a file of Moodle's, and goes with --to moodle.\n",
    ),
    "a dry run of nothing": (
        ["--to", "csv", "--dry-run"],
        "Error: --overwrite and --dry-run are about a file that is filled in: --gradebook or --worksheet.\n",
    ),
    "a column of our own file": (
        ["--to", "nbgrader", "--column", "x"],
        "Error: --column is about a file of Canvas or Moodle.\n",
    ),
    "a file that is not there": (
        ["--to", "moodle", "--worksheet", "none.csv"],
        "Error: none.csv: No such file or directory.\n",
    ),
    "the file itself": (
        ["--to", "moodle", "--worksheet", "w.csv", "-o", "w.csv"],
        "Error: w.csv: that is the file to fill in, and it stays as it is. Give another one to -o.\n",
    ),
}


@pytest.mark.parametrize(("words", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_meant_is_refused(words: list[str], message: str, grades: Path, tmp_path: Path) -> None:
    """With the whole sentence, and exit code 2."""
    (tmp_path / "w.csv").write_bytes(WORKSHEET.encode())
    done = grader("export", grades, *words, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (2, message)
    assert (tmp_path / "w.csv").read_bytes() == WORKSHEET.encode()
