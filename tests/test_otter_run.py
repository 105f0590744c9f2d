"""`otter run` on our zip: the same scores and sentences as `grader grade`, and nothing gained by attacking otter."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from otter_runs import (
    SOLUTION,
    boxes_of,
    grader_grade,
    notebook_file,
    otter_run,
    otter_zip,
    plugin_run,
    with_solution,
    zip_file,
)
from sources import notebook
from test_confinement import expectation

from conftest import SOLUTIONS, SUBMISSIONS

pytestmark = [pytest.mark.notebook, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

RIGHT = sorted((SUBMISSIONS / "right").glob("*.py"))
WRONG = sorted((SOLUTIONS / "wrong").glob("*/*.py"))
HOSTILE = sorted((SUBMISSIONS / "hostile").glob("*.py"))
STUB = (SUBMISSIONS.parent.parent.parent / "assignments" / "backprop" / "backprop.py").read_text(encoding="utf-8")

ENDINGS = """
import os, sys

def add_backward(grad_out, a, b):
    os._exit(0)

def multiply_backward(grad_out, a, b):
    sys.exit()
"""
"""Each of these costs all points where a kernel of otter runs it."""

LOOP = """
def sigmoid_backward(grad_out, out):
    while True:
        pass
"""
"""This one ends no run of otter's, which knows no clock."""


@pytest.fixture(scope="module")
def autograder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return otter_zip(tmp_path_factory.mktemp("zip"))


def name_of(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def whole(file: Path, folder: Path) -> Path:
    """A file of the galleries as a submission: a wrong function stands among right ones."""
    text = file.read_text(encoding="utf-8")
    submission = folder / f"{file.stem}.py"
    submission.write_text(with_solution(text) if file in WRONG else text, encoding="utf-8")
    return submission


# ---- parity ------------------------------------------------------------------------------------------------

SAMPLE: dict[str, Callable[[Path], Path]] = {
    "right": lambda folder: notebook_file(folder, SOLUTION),
    "wrong": lambda folder: whole(SOLUTIONS / "wrong" / "multiply" / "no-unbroadcast.py", folder),
    "exits and dies": lambda folder: notebook_file(folder, with_solution(ENDINGS)),
}
MORE: dict[str, Callable[[Path], Path]] = {
    "not started": lambda folder: notebook_file(folder, STUB),
    "loops": lambda folder: notebook_file(folder, with_solution(LOOP)),
    "a zip": lambda folder: zip_file(folder, {"hw.ipynb": notebook(SOLUTION), ".OTTER_LOG": b"no log"}),
}
EACH = [
    *(pytest.param(make, id=name) for name, make in SAMPLE.items()),
    *(pytest.param(make, id=name, marks=pytest.mark.proof) for name, make in MORE.items()),
]


@pytest.mark.parametrize("make", EACH)
def test_otter_run_gives_our_scores_and_our_words(
    make: Callable[[Path], Path], autograder: Path, tmp_path: Path
) -> None:
    """Question by question: the score, and the outcome in the words of the card."""
    submission = make(tmp_path)

    run = otter_run(autograder, submission, tmp_path / "run")

    assert run.code == 0, run.printed
    assert run.boxes == boxes_of(grader_grade(submission))


def assert_the_plugin_agrees(autograder: Path, submission: Path, folder: Path) -> None:
    report = grader_grade(submission)

    assert plugin_run(autograder, submission, folder / "run").boxes == boxes_of(report)


@pytest.mark.parametrize("file", [*RIGHT[::20], *WRONG[::40]], ids=name_of)
def test_the_plugin_agrees_with_grader_grade(file: Path, autograder: Path, tmp_path: Path) -> None:
    """A few of the galleries; `make proof` looks at all of them."""
    assert_the_plugin_agrees(autograder, whole(file, tmp_path), tmp_path)


@pytest.mark.proof
@pytest.mark.parametrize("file", [*RIGHT, *WRONG, *HOSTILE], ids=name_of)
def test_the_plugin_agrees_with_grader_grade_on_the_whole_gallery(file: Path, autograder: Path, tmp_path: Path) -> None:
    """Right, wrong and hostile: the same outcome for each question, and the same score.

    But for those who end their process themselves, with right answers that arrive or not: it is a race each time.
    """
    if file in HOSTILE and {"passed", "stopped died"} <= set(expectation(file)[1]):
        assert len(plugin_run(autograder, file, tmp_path / "run").boxes) == 12
    else:
        assert_the_plugin_agrees(autograder, whole(file, tmp_path), tmp_path)


@pytest.mark.proof
@pytest.mark.parametrize("file", [*RIGHT[::12], *WRONG[::24], *HOSTILE[::24]], ids=name_of)
def test_otter_run_agrees_with_grader_grade_on_more_of_the_gallery(
    file: Path, autograder: Path, tmp_path: Path
) -> None:
    """The same through otter's own command, which takes some seconds each."""
    submission = whole(file, tmp_path)

    run = otter_run(autograder, submission, tmp_path / "run")

    assert run.boxes == boxes_of(grader_grade(submission))


# ---- attacks on otter --------------------------------------------------------------------------------------


class Evil:
    """What an unpickler of it does: it makes a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return exec, (f"open({str(self.mark)!r}, 'w').close()",)


def marking(mark: Path) -> bytes:
    return f"open({str(mark)!r}, 'w').close()\n".encode()


def test_files_that_come_with_a_notebook_are_never_read_or_run(autograder: Path, tmp_path: Path) -> None:
    """A pickled log, modules in the places of real ones, tests of one's own, and results that are there already."""
    mark = tmp_path / "mark"
    shadows = ("otter/__init__.py", "numpy.py", "json.py", "pickle.py", "autograder/__init__.py", "sitecustomize.py")
    members = {
        "hw.ipynb": notebook("x = 1"),
        ".OTTER_LOG": pickle.dumps(Evil(mark)),
        "tests/multiply.py": marking(mark),
        "results/results.json": b'{"score": 100, "tests": []}',
        "../results/results.json": b'{"score": 100, "tests": []}',
        "backprop/assignment.toml": b'title = "mine"\n',
        "backprop/forward.py": marking(mark),
    }
    # In folders, where otter does not take a script for a second submission.
    members |= {name if "/" in name else f"{name.removesuffix('.py')}/__init__.py": marking(mark) for name in shadows}

    run = otter_run(autograder, zip_file(tmp_path, members), tmp_path / "run")

    assert run.code == 0, run.printed
    assert not mark.exists()
    assert sum(score for _, score, _ in run.boxes) == 0
    assert len(run.boxes) == 12


@pytest.mark.parametrize("name", ["json.py", "numpy.py", "otter.py", "ipykernel_launcher.py"])
@pytest.mark.proof
def test_a_script_with_the_name_of_a_module_is_graded(name: str, autograder: Path, tmp_path: Path) -> None:
    """Who hands in json.py would break a kernel that starts beside it."""
    submission = tmp_path / name
    submission.write_text(SOLUTION, encoding="utf-8")

    assert sum(score for _, score, _ in otter_run(autograder, submission, tmp_path / "run").boxes) == 100


WRITES = """
def multiply_backward(grad_out, a, b):
    import json, os
    full = {"score": 100, "tests": []}
    for path in ("../results/results.json", "results.json", "/tmp/results.json"):
        with open(path, "w") as file:
            json.dump(full, file)
"""


@pytest.mark.proof
def test_results_that_are_written_early_count_for_nothing(autograder: Path, tmp_path: Path) -> None:
    """A worker opens no file; the results are made from what it answered."""
    submission = notebook_file(tmp_path, WRITES)

    run = otter_run(autograder, submission, tmp_path / "run")

    assert sum(score for _, score, _ in run.boxes) == 0


# ---- what otter refuses before it asks us -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"a.ipynb": notebook("x = 1"), "b.ipynb": notebook("x = 1")}, "More than one .ipynb file found in submission"),
        ({"notes.txt": b"later"}, "No gradable files found in submission"),
        ({"hw.ipynb": b"{"}, "Notebook does not appear to be JSON"),
    ],
    ids=["two notebooks", "no file", "unreadable"],
)
@pytest.mark.proof
def test_otter_run_ends_with_its_own_words_where_it_finds_nothing_to_grade(
    members: dict[str, bytes], said: str, autograder: Path, tmp_path: Path
) -> None:
    """Otter looks for the notebook before it loads a plugin: there is no results.json, and the last line says why."""
    run = otter_run(autograder, zip_file(tmp_path, members), tmp_path / "run")

    assert run.code != 0
    assert run.results is None
    assert said in run.printed
