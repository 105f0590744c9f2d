"""The zip as the platform runs it: built, then graded, in bubblewrap, with the rights of a container and no network."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.exams import Exams
from autograder.gradescope.bundle import make_gradescope_zip
from autograder.gradescope.results import SCHEMA
from autograder.gradescope.settings import Settings
from autograder.gradescope.tryout import Rehearsal, rehearse
from autograder.grading import grade
from autograder.load.assignment import load_assignment
from autograder.records import Report, Submission
from autograder.sandbox.client import Sandbox
from conftest import SOLUTIONS, SUBMISSIONS

pytestmark = pytest.mark.once

SEED = 5
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
SOLUTION = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")
SLOW = "def sigmoid_backward(grad_out, out):\n    while True:\n        pass\n"
HOSTILE = SUBMISSIONS / "hostile"
SAMPLE = [
    SOLUTIONS / "solution.py",
    SOLUTIONS / "wrong" / "softmax_cross_entropy" / "not-mean.py",
    HOSTILE / "writes-the-results-of-a-course.py",
]


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    target = tmp_path_factory.mktemp("zip") / "autograder.zip"
    make_gradescope_zip(load_assignment("backprop"), Settings("backprop", SEED), target, [HERE])
    with rehearse(target) as built:
        yield built


@pytest.fixture(scope="module")
def exams() -> Exams:
    return Exams(load_assignment("backprop"), SEED)


def expected_of(exams: Exams, file: Path) -> Report:
    submission = Submission(file.name, "script", file.read_bytes())
    with Sandbox(exams.assignment) as sandbox:
        return grade(exams.of(submission), submission, sandbox)


def assert_is_result(results: dict[str, Any]) -> None:
    """As the platform would take it: by a validator that is not the one which the grader itself uses."""
    import jsonschema

    jsonschema.validate(results, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_image_is_built_and_has_tried_itself(rehearsal: Rehearsal) -> None:
    """A broken image fails here, and not on the night of the deadline."""
    assert "Self-test: right answers: full marks in 7 questions; an empty file: none; walls" in rehearsal.build.said
    assert os.stat(rehearsal.folder / "source").st_mode & 0o777 == 0o700
    assert os.stat(rehearsal.folder / "source" / "exams" / "0.exam").st_mode & 0o777 == 0o600


@pytest.mark.parametrize("file", SAMPLE, ids=lambda file: file.stem)
def test_the_platform_gives_the_grade_of_the_command(rehearsal: Rehearsal, exams: Exams, file: Path) -> None:
    """The same decks, the same judges: the same points in every question."""
    tried = rehearsal.grade(file)
    expected = expected_of(exams, file)

    assert_is_result(tried.results)
    assert tried.results["score"] == expected.score
    assert {test["name"]: test["score"] for test in tried.results["tests"]} == {
        question.name: question.score for question in expected.questions
    }
    assert {test["extra_data"]["outcome"] for test in tried.results["tests"]} == {
        question.outcome.value for question in expected.questions
    }


def a_notebook(folder: Path) -> Path:
    """With a space and an umlaut in its name, in a folder."""
    (folder / "hw").mkdir()
    notebook = nbformat.writes(new_notebook(cells=[new_code_cell(SOLUTION)]))
    (folder / "hw" / "Übung 3 (final).ipynb").write_text(notebook, encoding="utf-8")
    return folder


def a_zip(folder: Path) -> Path:
    """Of a folder with all that was handed out, beside the notebook."""
    inside = folder / "inside"
    inside.mkdir()
    a_notebook(inside)
    shutil.copy(load_assignment("backprop").folder / "training.py", inside)
    shutil.make_archive(str(folder / "upload" / "hw"), "zip", inside)
    return folder / "upload"


def nothing(folder: Path) -> Path:
    return folder


def a_link(folder: Path) -> Path:
    """To the settings of the grader, among them the seed."""
    (folder / "hw.py").symlink_to("/autograder/source/settings.json")
    return folder


def broken(folder: Path) -> Path:
    (folder / "hw.ipynb").write_text("{ this is no notebook")
    return folder


@pytest.mark.parametrize(
    ("make", "score", "told"),
    [
        pytest.param(a_notebook, 100, "**100 of 100 points** (attempt 1)", id="a-notebook-in-a-folder"),
        pytest.param(a_zip, 100, "**100 of 100 points** (attempt 1)", id="a-zip"),
        pytest.param(nothing, 0, "Nothing was handed in: there is no file here.", id="nothing"),
        pytest.param(a_link, 0, "Nothing was handed in: there is no file here.", id="a-link-to-the-seed"),
        pytest.param(broken, 0, "This file is no notebook that can be read:", id="a-broken-notebook"),
    ],
)
def test_what_students_really_hand_in(rehearsal: Rehearsal, tmp_path: Path, make: Any, score: int, told: str) -> None:
    """Graded, or told in a sentence; the seed is never in what a student sees."""
    tried = rehearsal.grade(make(tmp_path))

    assert_is_result(tried.results)
    assert tried.results["score"] == score
    assert told in tried.results["output"]
    assert f'"seed": {SEED}' not in json.dumps(tried.results)


def test_a_memory_bomb_is_the_student_s_and_the_rest_is_graded(rehearsal: Rehearsal, tmp_path: Path) -> None:
    """In the platform's 768 MB: the worker meets its own limit before the container meets its."""
    file = tmp_path / "bomb.py"
    solution = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")
    file.write_text(
        f"{solution}\ndef sigmoid_backward(grad_out, out):\n    return [np.ones(10**6) for _ in range(10**5)]\n"
    )

    tried = rehearsal.grade(file)

    by_name = {test["name"]: test for test in tried.results["tests"]}
    assert by_name["sigmoid"]["score"] == 0
    assert "memory" in by_name["sigmoid"]["output"]
    assert by_name["multiply"]["score"] == 12
    assert tried.results["extra_data"]["outcome"] == "graded"


def family_of(pid: int) -> list[int]:
    """All that a process has started, and what these have started, as far as it lives."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                status = (entry / "stat").read_text()
                parents[int(entry.name)] = int(status.rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {pid})


def kill(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def is_python(pid: int) -> bool:
    try:
        return b"start.py" in Path("/proc", str(pid), "cmdline").read_bytes()
    except OSError:
        return False


@pytest.mark.parametrize(
    "number",
    [pytest.param(number, marks=[] if number < 2 else [pytest.mark.proof]) for number in range(30)],
)
def test_whenever_it_is_killed_there_is_a_result(rehearsal: Rehearsal, tmp_path: Path, number: int) -> None:
    """Half of the times the grader, as the kernel does where memory runs out, and half of the times all there is."""
    file = tmp_path / "slow.py"
    file.write_text(f"{SOLUTION}\n{SLOW}\n")
    rng = random.Random(number)
    rehearsal.hand_in(file)
    with rehearsal.start() as run:
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(0.05 + 4 * rng.random() ** 2)
        everything = family_of(run.pid)
        kill([pid for pid in everything if is_python(pid)] if number % 2 else everything)
        run.communicate()

    left = rehearsal.read_results()
    assert_is_result(left)
    assert left["score"] <= 100
    if not left["tests"]:
        assert "not your fault" in left["output"] or "say nothing about your work" in left["output"]


def test_a_grader_that_ran_out_of_memory_says_so(rehearsal: Rehearsal, tmp_path: Path) -> None:
    """Killed by somebody else, most likely the platform: the student is told what may be the reason."""
    file = tmp_path / "slow.py"
    file.write_text(f"{SOLUTION}\n{SLOW}\n")
    rehearsal.hand_in(file)
    with rehearsal.start() as run:
        while not any(is_python(pid) for pid in family_of(run.pid)):
            assert run.poll() is None
        kill([pid for pid in family_of(run.pid) if is_python(pid)])
        run.communicate()

    assert rehearsal.read_results()["output"].startswith("**The grader was stopped by the platform, most likely")
