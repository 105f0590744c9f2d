"""The platform's own system as near as it gets, and the whole gallery in it: Ubuntu 22.04, the filter of system calls
and the rights that a container has by default, root inside, 768 MB and half a processor."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from confinement import container_profile

from autograder.exams import Exams
from autograder.gradescope.bundle import make_gradescope_zip
from autograder.gradescope.container import LEFT_FOR_GRADER
from autograder.gradescope.settings import Settings
from autograder.gradescope.small_machine import MEGABYTES
from autograder.gradescope.tryout import Rehearsal, rehearse
from autograder.grading import grade
from autograder.load.assignment import load_assignment
from autograder.records import Submission
from autograder.sandbox.client import Sandbox
from conftest import SOLUTIONS, SUBMISSIONS

pytestmark = [pytest.mark.proof, pytest.mark.once]

SEED = 5
MIRROR = "http://archive.ubuntu.com/ubuntu"
SOLUTION = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")

RIGHT = sorted((SUBMISSIONS / "right").glob("*.py"))
WRONG = sorted((SOLUTIONS / "wrong").glob("*/*.py"))
HOSTILE = sorted((SUBMISSIONS / "hostile").glob("*.py"))

RACES = {"closes-the-channel", "closes-the-channel-while-loading"}
"""Their answers are right, and whether these arrive before the end that they bring upon themselves is a race."""


@pytest.fixture(scope="module")
def ubuntu() -> Iterator[Path]:
    """Its smallest system, and Python 3.10."""
    assert os.geteuid() == 0, "another system is made and entered by root only"
    assert shutil.which("debootstrap"), "apt-get install debootstrap"
    with tempfile.TemporaryDirectory(prefix="grader-ubuntu-") as folder:
        command = ["debootstrap", "--no-check-gpg", "--variant=minbase", "--include=python3", "jammy", folder, MIRROR]
        subprocess.run(command, check=True, capture_output=True)
        os.chmod(folder, 0o755)  # as the root of every system is
        yield Path(folder)


@pytest.fixture(scope="module")
def rehearsal(ubuntu: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    target = tmp_path_factory.mktemp("zip") / "autograder.zip"
    make_gradescope_zip(load_assignment("backprop"), Settings("backprop", SEED), target, ["3.10"])
    with rehearse(target, system=ubuntu, rules=container_profile()) as built:
        yield built


@pytest.fixture(scope="module")
def exams() -> Exams:
    """With as little memory as a submission has there: else an error of memory comes later here than there."""
    assignment = load_assignment("backprop")
    limits = replace(assignment.limits, memory=MEGABYTES - LEFT_FOR_GRADER)
    return Exams(replace(assignment, limits=limits), SEED)


def whole(file: Path, folder: Path) -> Path:
    """A wrong example as a whole submission: the solution, with one function of another kind."""
    if "wrong" not in file.parts:
        return file
    target = folder / f"{file.parent.name}-{file.name}"
    target.write_text(f"{SOLUTION}\n\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    return target


@pytest.mark.parametrize("file", [*RIGHT, *WRONG, *HOSTILE], ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_the_platform_gives_the_grade_of_the_command(
    rehearsal: Rehearsal, exams: Exams, file: Path, tmp_path: Path
) -> None:
    """Honest files: the same points. Hostile ones: no point more. And none is without a result."""
    file = whole(file, tmp_path)
    submission = Submission(file.name, "script", file.read_bytes())
    with Sandbox(exams.assignment) as sandbox:
        expected = grade(exams.of(submission), submission, sandbox)

    results = rehearsal.grade(file).results

    assert results["extra_data"]["outcome"] == expected.outcome.value
    if "hostile" in file.parts:
        assert file.stem in RACES or results["score"] <= (expected.score or 0)
    else:
        assert results["score"] == expected.score
