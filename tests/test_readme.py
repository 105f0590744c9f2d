"""The README stays true: its commands run, its transcript is what comes out, its numbers are the assignment's."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.exams import Exam
from autograder.records import BONUS, FAMILIES, LEARNING, STEPS, VERDICTS
from conftest import ROOT, SOLUTIONS

pytestmark = pytest.mark.once

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
TRANSCRIPTS = [block for block in BLOCKS if any(not line.startswith("$ ") for line in block.splitlines())]
COMMANDS = [
    line[2:]
    for block in BLOCKS
    if block not in TRANSCRIPTS
    for line in block.splitlines()
    if line.startswith("$ grader ")
]

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,backprop (4711)
    Points Possible,,,,,100
"Lovelace, Ada",20000,s1000,ada,ML-101,
"Turing, Bob",20001,s1001,bob,ML-101,
"""

MOODLE = """Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade),Feedback comments
Participant 657690,ada,ada@example.edu,Submitted for grading,,100.00,-,
Participant 657691,bob,bob@example.edu,Submitted for grading,,100.00,-,
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with what the README's commands speak of."""
    shutil.copy(SOLUTIONS / "wrong" / "multiply" / "no-unbroadcast.py", tmp_path / "hw.py")
    submissions = tmp_path / "submissions"
    submissions.mkdir()
    shutil.copy(ROOT / "assignments" / "backprop" / "backprop.ipynb", submissions / "ada.ipynb")
    shutil.copy(SOLUTIONS / "solution.py", submissions / "bob.py")
    shutil.make_archive(str(tmp_path / "submissions"), "zip", submissions)
    return tmp_path


@pytest.fixture(scope="module")
def grades(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded class, as the first command for instructors leaves it."""
    folder = tmp_path_factory.mktemp("grades")
    shutil.copy(SOLUTIONS / "solution.py", folder / "bob.py")
    assert run("grader grade bob.py --out grades", folder).returncode == 0
    return folder / "grades"


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    grader = f"{sys.executable} -c 'from grader_cli.main import main; main()'"
    return subprocess.run(
        command.replace("grader ", f"{grader} ", 1), shell=True, cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_readme_runs(command: str, desk: Path, grades: Path) -> None:
    """Nothing in the README ends in an error of usage or of the grader."""
    if "--out" not in command:
        shutil.copytree(grades, desk / "grades")
    done = run(command, desk)

    assert done.returncode == (1 if " check " in f" {command}" else 0), done.stderr


@pytest.mark.parametrize("block", TRANSCRIPTS, ids=lambda block: block.split()[2])
def test_a_transcript_is_what_comes_out(desk: Path, block: str) -> None:
    """What the README shows of `grader check` and `grader verify`, its mutation score, is compared letter by letter."""
    command, _, expected = block.partition("\n")

    assert run(command[2:], desk).stdout == expected


def test_the_commands_for_a_class_run_one_after_the_other(desk: Path) -> None:
    """docs/class.md, from the download to the platform's own gradebook, with the files that it speaks of."""
    page = (ROOT / "docs" / "class.md").read_text(encoding="utf-8")
    (decisions,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    (desk / "decisions.csv").write_text(decisions.replace("ada@example.edu", "ada").replace("20001", "bob"))
    (desk / "canvas.csv").write_text(CANVAS, encoding="utf-8")
    (desk / "Grades.csv").write_text(MOODLE, encoding="utf-8")
    commands = re.findall(r"^\$ (grader (?!report assignment).*)$", page, re.MULTILINE)

    assert len(commands) == 7
    for command in commands:
        done = run(command, desk)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def test_make_knows_both_commands() -> None:
    """`make demo` and `make test` are targets of the Makefile; CI runs the second one on a clean clone."""
    for target in re.findall(r"^\$ make (\w+)$", README, re.MULTILINE):
        subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=True)


def test_the_table_of_points_is_that_of_the_assignment(exam: Exam) -> None:
    """A lecturer reads the table and believes it."""
    header = ["runs", "values", "shapes", "hard", "pure"]
    assert {*header, BONUS, VERDICTS, STEPS, LEARNING} == set(FAMILIES)
    for question in exam.assignment.questions:
        cells = [question.name, question.max_score, *(question.points.get(family, "–") for family in header)]
        assert f"| {' | '.join(str(cell) for cell in cells)} |" in README


def test_the_gallery_is_as_large_as_the_readme_says() -> None:
    """The number stands in the README, so it is counted."""
    (claimed,) = re.findall(r"holds more than\s+(\d+) of them", README)

    assert len(list((SOLUTIONS / "wrong").glob("*/*.py"))) > int(claimed)


def test_every_link_of_the_readme_leads_somewhere() -> None:
    """A dead link on the first screen is the first impression."""
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / target).exists(), target
