"""The plugin, hook by hook: what it leaves of a submission, what students may see, and a fault of ours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from otter_runs import BACKPROP, SOLUTION, laid_out, notebook_file, otter_zip, plugin_run, with_solution, zip_file
from sources import notebook

from autograder.otter.bundle import make_otter_zip
from autograder.otter.submitted import set_aside, what_was_set_aside
from conftest import ROOT

OTTER = [pytest.mark.notebook, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

NO_SUM = "def multiply_backward(grad_out, a, b):\n    return grad_out * b, grad_out * a\n"


def otter_marks(test: Any) -> Any:
    """For tests that import otter."""
    for mark in OTTER:
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def autograder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return otter_zip(tmp_path_factory.mktemp("zip"))


def copied_assignment(folder: Path, change: Mapping[str, str]) -> Path:
    """The assignment in another folder, with some text of assignment.toml replaced; under the name it has there."""
    copied = folder / "assignments" / "backprop"
    shutil.copytree(ROOT / "assignments" / "backprop", copied)
    toml = copied / "assignment.toml"
    text = toml.read_text(encoding="utf-8")
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    toml.write_text(text, encoding="utf-8")
    return copied


# ---- what is set aside ---------------------------------------------------------------------------------------


def test_all_that_was_handed_in_is_set_aside_or_gone(tmp_path: Path) -> None:
    """Files, hidden files, folders, links, and folders that are for reading only."""
    folder = tmp_path / "submission"
    (folder / "closed" / "inner").mkdir(parents=True)
    for name in ("hw.ipynb", ".OTTER_LOG", "numpy.py", "tests.txt", "closed/inner/otter.py"):
        (folder / name).write_bytes(notebook("x = 1"))
    (folder / "link").symlink_to(tmp_path)
    (folder / "closed").chmod(0o555)

    moved = set_aside(folder / "hw.ipynb")

    assert moved == tmp_path / "handed-in" / "hw.ipynb"
    assert moved.read_bytes() == notebook("x = 1")
    assert [file.name for file in folder.iterdir()] == ["hw.ipynb"]
    assert json.loads((folder / "hw.ipynb").read_text(encoding="utf-8"))["cells"] == []
    assert tmp_path.is_dir()


def test_in_the_place_of_a_script_is_nothing_that_python_would_import(tmp_path: Path) -> None:
    """Otter opens it, and reads nothing; `import json` beside it finds Python's own."""
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "json.py").write_text("x = 1\n", encoding="utf-8")

    set_aside(folder / "json.py")

    assert (folder / "json.py").read_text(encoding="utf-8") == ""
    assert not (folder / "json.py").is_file()


def test_it_is_set_aside_once(tmp_path: Path) -> None:
    """Who asks again is given what is there."""
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "hw.py").write_text("x = 1\n", encoding="utf-8")
    moved = set_aside(folder / "hw.py")

    assert what_was_set_aside(folder) == moved
    assert set_aside(moved) == moved
    assert moved.read_text(encoding="utf-8") == "x = 1\n"


# ---- results -----------------------------------------------------------------------------------------------


@otter_marks
def test_the_box_of_a_question_is_its_card(autograder: Path, tmp_path: Path) -> None:
    """The first lines of it: status and points, and the one sentence that says what is wrong."""
    submission = notebook_file(tmp_path, with_solution(NO_SUM))

    boxes = {name: (score, text) for name, score, text in plugin_run(autograder, submission, tmp_path / "run").boxes}

    assert boxes["add"] == (8, "✓ add   Passed   8 / 8")
    score, text = boxes["multiply"]
    assert score == 6
    assert text.startswith(
        "✗ multiply   Not yet   6 / 12\n"
        "    What broadcasting repeated was not added up in grad_b. A value that\n"
        "    is used several times adds its gradients, so the gradient ends with\n"
        "    the shape of its operand."
    )


@otter_marks
def test_the_whole_text_is_the_sum_and_the_notes(autograder: Path, tmp_path: Path) -> None:
    """What stands above the boxes; and all boxes are visible."""
    source = with_solution(NO_SUM)
    run = plugin_run(autograder, notebook_file(tmp_path, source), tmp_path / "run")

    first, second = (at for at, line in enumerate(source.splitlines(), 1) if line.startswith("def multiply_backward"))
    assert run.results is not None
    assert run.results["output"] == (
        "93 of 100 points.\n"
        f"multiply_backward is defined 2 times (code cell 1, line {first}; code cell 1, line {second}). The last one "
        "counts."
    )
    assert {test["visibility"] for test in run.results["tests"]} == {"visible"}
    assert run.printed.startswith("hw.ipynb: 93 of 100\nIsolation: files ")


@otter_marks
def test_the_whole_report_is_kept_for_programs(autograder: Path, tmp_path: Path) -> None:
    """Under the plugin's name in otter's results: facts, flags, and the deck that was asked."""
    from otter.test_files import GradingResults

    from autograder.otter.plugin import NAME, GraderPlugin

    submission = laid_out(autograder, notebook_file(tmp_path, SOLUTION), tmp_path / "run")
    plugin = GraderPlugin(str(submission), {}, {"assignment": "backprop"})
    plugin.before_grading(None)
    results = GradingResults([])
    plugin.after_grading(results)

    assert results.get_plugin_data(NAME)["score"] == 100
    assert results.total == results.possible == 100


@otter_marks
def test_nothing_that_otter_found_before_counts(autograder: Path, tmp_path: Path) -> None:
    """Scores, a failure of its kernel, and tests that we do not know are gone."""
    from otter.test_files import GradingResults

    from autograder.otter.plugin import GraderPlugin
    from autograder.otter.results import ReportFile

    submission = laid_out(autograder, notebook_file(tmp_path, "x = 1"), tmp_path / "run")
    plugin = GraderPlugin(str(submission), {}, {"assignment": "backprop", "seed": 7})
    plugin.before_grading(None)
    found = GradingResults.without_results(ValueError("no kernel"))
    found.results = {
        "multiply": ReportFile("multiply", 1500, 12, True, "", None),
        "mine": ReportFile("mine", 9, 9, True, "", None),
    }
    plugin.after_grading(found)

    assert found.total == 0
    assert found.possible == 100
    assert list(found.results) == [question.name for question in BACKPROP.questions]


@otter_marks
def test_a_bonus_comes_on_top_and_no_score_is_below_nothing(tmp_path: Path) -> None:
    """Clamped to what a question can earn, whatever a report says."""
    from otter.test_files import GradingResults
    from otter_runs import grader_grade

    from autograder.otter.results import fill

    report = grader_grade(notebook_file(tmp_path, SOLUTION))
    scores = {"add": -3, "multiply": 14, "matmul": 99}
    questions = tuple(replace(one, score=scores.get(one.name, one.score)) for one in report.questions)
    with_bonus = tuple(
        replace(one, points={**one.points, "bonus": 2}) if one.name == "multiply" else one for one in BACKPROP.questions
    )
    results = GradingResults([])

    fill(results, replace(BACKPROP, questions=with_bonus), replace(report, questions=questions))

    assert [results.get_score(name) for name in scores] == [0, 14, 14]


# ---- what students may see ---------------------------------------------------------------------------------

HIDE = {'name = "sgd_step"': 'name = "sgd_step"\nvisibility = "{}"'}


@pytest.mark.parametrize(
    ("visibility", "boxes"),
    [("hidden", "hidden"), ("after_due_date", "hidden"), ("after_published", "after_published")],
)
@otter_marks
def test_a_question_that_is_not_visible_is_told_later(visibility: str, boxes: str, tmp_path: Path) -> None:
    """The visible ones stand in one box, with a sentence for the others and no sum; boxes of their own wait."""
    from autograder.load.assignment import load_assignment

    change = {old: new.format(visibility) for old, new in HIDE.items()}
    autograder = otter_zip(tmp_path, load_assignment(str(copied_assignment(tmp_path, change))))

    run = plugin_run(autograder, notebook_file(tmp_path, SOLUTION), tmp_path / "run")

    assert run.results is not None
    public, *others = run.results["tests"]
    assert public["visibility"] == "visible"
    assert "✓ multiply   Passed   12 / 12" in public["output"]
    assert "What sgd_step earns is shown when the homework has been graded." in public["output"]
    assert "✓ sgd_step" not in public["output"]
    assert {test["visibility"] for test in others} == {boxes}
    assert [test["output"] for test in others if test["name"] == "sgd_step"] == ["✓ sgd_step   Passed   4 / 4"]
    assert run.results["output"] == ""


# ---- when there is nothing to grade ------------------------------------------------------------------------


@otter_marks
def test_an_unreadable_notebook_says_so_in_every_box(autograder: Path, tmp_path: Path) -> None:
    """No points, and the reason; the boxes are the same as ever, so that a gradebook keeps its columns."""
    submission = tmp_path / "hw.ipynb"
    submission.write_bytes(b"{")

    run = plugin_run(autograder, submission, tmp_path / "run")

    assert len(run.boxes) == 12
    assert {score for _, score, _ in run.boxes} == {0}
    (said,) = {text for _, _, text in run.boxes}
    assert run.results is not None
    assert said == run.results["output"]
    assert said.startswith("This notebook is cut off")


FAULTS = {
    "no such assignment": (
        {"assignment": "backpropp"},
        'UsageError: backpropp: no assignment of this name. Did you mean "backprop"?',
    ),
    "no settings": ({}, "KeyError: 'assignment'"),
    "a seed that is no number": (
        {"assignment": "backprop", "seed": "many"},
        "ValueError: invalid literal for int() with base 10: 'many'",
    ),
}


@pytest.mark.parametrize(("settings", "why"), FAULTS.values(), ids=FAULTS)
@otter_marks
def test_a_fault_of_ours_is_called_one(settings: Mapping[str, Any], why: str, tmp_path: Path) -> None:
    """No hook raises; the student reads that these 0 points are no grade, and the instructor reads why."""
    from otter.run import AutograderConfig
    from otter.test_files import GradingResults

    from autograder.otter.plugin import GraderPlugin

    (tmp_path / "submission").mkdir()
    submission = notebook_file(tmp_path / "submission", SOLUTION)
    plugin = GraderPlugin(str(submission), {}, settings)
    results = GradingResults([])
    plugin.before_grading(None)
    plugin.after_grading(results)

    said = (
        "The grader failed on this submission. That is no fault of yours, and the 0 points here are no grade: your "
        f"instructor has to grade it again. What happened: {why}"
    )
    assert results.to_gradescope_dict(AutograderConfig({}))["output"] == said
    assert results.total == 0
    assert plugin.generate_report().startswith(f"FAULT OF THE GRADER, no grade: {why}")


@otter_marks
def test_a_submission_that_is_gone_is_a_fault_of_ours(tmp_path: Path) -> None:
    """Nothing raises even where there is no folder at all."""
    from otter.test_files import GradingResults

    from autograder.otter.plugin import GraderPlugin

    plugin = GraderPlugin(str(tmp_path / "nowhere" / "hw.ipynb"), {}, {"assignment": "backprop"})
    results = GradingResults([])
    plugin.before_grading(None)
    plugin.after_grading(results)

    assert plugin.before_execution({"cells": ["anything"]})["cells"] == []
    assert plugin.generate_report().startswith("FAULT OF THE GRADER, no grade: FileNotFoundError: ")


# ---- on a platform -----------------------------------------------------------------------------------------


def platform_run(autograder: Path, submission: Path, root: Path) -> Mapping[str, Any]:
    """`run_autograder` in the layout of a platform, in a shell above it. What it wrote to results.json."""
    laid_out(autograder, submission, root)
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    paths = os.pathsep.join(filter(None, sys.path))
    environment = {**os.environ, "GRADER_PYTHON": sys.executable, "PYTHONPATH": paths}
    (root / "__init__.py").touch()  # as otter leaves it behind
    command = ["bash", str(root / "run_autograder")]
    subprocess.run(command, cwd=root.parent, env=environment, check=True, capture_output=True)
    document: Mapping[str, Any] = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    return document


PLATFORM = {
    "right": ({"hw.ipynb": notebook(SOLUTION)}, 100, "✓ multiply   Passed   12 / 12"),
    "unreadable": ({"hw.ipynb": b"{"}, 0, "This notebook is cut off"),
    "two notebooks": (
        {"a.ipynb": notebook("x = 1"), "b.ipynb": notebook("x = 1")},
        0,
        "More than one .ipynb file found in submission",
    ),
    "no file": ({"notes.txt": b"later"}, 0, "No gradable files found in submission"),
    "a file in the place of the tests": ({"hw.ipynb": notebook(SOLUTION), "tests": b""}, 100, "✓ add"),
}


@pytest.mark.parametrize(
    ("members", "score", "said"),
    [
        pytest.param(*case, id=name, marks=[] if name == "unreadable" else pytest.mark.proof)
        for name, case in PLATFORM.items()
    ],
)
@otter_marks
def test_on_a_platform_there_is_always_a_result(
    members: Mapping[str, bytes], score: int, said: str, autograder: Path, tmp_path: Path
) -> None:
    """Where otter gives up, results.json says why in words; where its kernel is not needed, the grade stands.

    A platform's folder is called `autograder` as well, and otter makes a package of it.
    """
    results = platform_run(autograder, zip_file(tmp_path, members), tmp_path / "autograder")

    assert sum(test.get("score", 0) for test in results["tests"]) == score
    assert any(said in test["output"] for test in results["tests"])


@otter_marks
def test_the_seed_of_the_zip_is_the_one_that_is_asked(tmp_path: Path) -> None:
    """An instructor's own number draws the inputs."""
    from otter.test_files import GradingResults

    from autograder.exams import Exams
    from autograder.otter.plugin import NAME, GraderPlugin
    from autograder.records import Submission

    autograder = tmp_path / "autograder.zip"
    make_otter_zip(BACKPROP, autograder, seed=77)
    submission = laid_out(autograder, notebook_file(tmp_path, SOLUTION), tmp_path / "run")
    config = json.loads((tmp_path / "run" / "source" / "otter_config.json").read_text(encoding="utf-8"))
    plugin = GraderPlugin(str(submission), {}, config["plugins"][0][NAME])
    plugin.before_grading(None)
    results = GradingResults([])
    plugin.after_grading(results)

    expected = Exams(BACKPROP, 77).index_of(Submission("hw.ipynb", "notebook", notebook(SOLUTION)))
    assert results.get_plugin_data(NAME)["deck"] == expected
