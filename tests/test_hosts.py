"""Classroom 50, PrairieLearn and GitHub Actions: their files, made and run as the host would run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from autograder.errors import UsageError
from autograder.hosts.files import HOSTS, write_host_files
from autograder.hosts.results import write_whole
from autograder.hosts.settings import seed_of
from autograder.load.assignment import load_assignment
from autograder.records import CheckResult, Note, Outcome, QuestionResult, Report, ReportOutcome
from autograder.render.classroom50 import classroom50_result
from autograder.render.feedback import load_host_words, load_screen_words
from autograder.render.markdown_page import MOST_CHARACTERS, render_markdown
from autograder.render.prairielearn import prairielearn_results
from conftest import ROOT, SOLUTIONS
from grader_cli.main import grader

WORDS, SCREEN = load_host_words("en"), load_screen_words("en")

FORGED = json.dumps({"schema": "classroom50/result/v1", "score": 100, "max-score": 100, "tests": []})

TRAP = "import os\nos._exit(77)\n"
"""A file that a student calls like a module of ours, or of Python's: whoever imports it is gone."""

RUNNER = {
    "CLASSROOM": "deep",
    "ASSIGNMENT": "backprop",
    "SUBMISSION_TAG": "submit/1",
    "COMMIT_URL": "https://example.org/c",
    "RELEASE_URL": "https://example.org/r",
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The files of each host, in a folder of its own."""
    loaded = load_assignment(str(ROOT / "assignments" / "backprop"))
    made = {name: tmp_path_factory.mktemp(name) for name in HOSTS}
    for name, folder in made.items():
        write_host_files(HOSTS[name].make(loaded, 4711), folder)
    return made


def a_report(text: str = "The shape is another one.", **changes: Any) -> Report:
    check = CheckResult("runs", Outcome.FAILED, 0, 2, "shape", {}, text, "Which axis?")
    question = QuestionResult("add", "add_backward", Outcome.FAILED, 0, 2, "visible", ("sign",), (check,))
    right = QuestionResult("multiply", "multiply_backward", Outcome.PASSED, 2, 2, "visible", (), ())
    return replace(Report("hw.py", ReportOutcome.GRADED, 2, 4, 0, (), (), (question, right)), **changes)


def environment(**more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**plain, "OMP_NUM_THREADS": "1", **more}


def make_checkout(folder: Path, source: Path) -> Path:
    """A student's repository, with all that could get in the grader's way."""
    folder.mkdir()
    (folder / "backprop.ipynb").write_bytes(source.read_bytes())
    for name in ("numpy.py", "pip.py", "json.py", "autograder.py", "sitecustomize.py"):
        (folder / name).write_text(TRAP)
    return folder


# ---- what is written ---------------------------------------------------------------------------------------


def test_classroom_50_gets_whole_points() -> None:
    """The whole document."""
    assert classroom50_result(a_report(), {"classroom": "deep"}, WORDS, SCREEN) == {
        "schema": "classroom50/result/v1",
        "classroom": "deep",
        "score": 2,
        "max-score": 4,
        "tests": [
            {
                "test-name": "add",
                "passed": False,
                "score": 0,
                "max-score": 2,
                "misconceptions": ["sign"],
                "output": "✗ add   Not yet   0 / 2\n    The shape is another one.\n    Next  Which axis?\n    runs 0/2",
            },
            {
                "test-name": "multiply",
                "passed": True,
                "score": 2,
                "max-score": 2,
                "misconceptions": [],
                "output": "✓ multiply   Passed   2 / 2",
            },
        ],
        "notes": [],
        "flags": [],
    }


def test_prairielearn_gets_a_share() -> None:
    """The whole document, and one of a file that cannot be read, which costs no attempt; nor does a fault of ours."""
    note = Note("is-pdf", {}, "This file is a PDF.\x1b[31m")
    unreadable = a_report(outcome=ReportOutcome.UNREADABLE, score=0, questions=(), notes=(note,))
    told = prairielearn_results(a_report(notes=(note,)), WORDS, SCREEN)

    assert {**told, "tests": len(told["tests"])} == {
        "gradable": True,
        "score": 0.5,
        "message": "This file is a PDF.�[31m",
        "tests": 2,
    }
    assert {key: told["tests"][1][key] for key in ("name", "points", "max_points")} == {
        "name": "multiply",
        "points": 2,
        "max_points": 2,
    }
    assert prairielearn_results(unreadable, WORDS, SCREEN) == {
        "gradable": False,
        "format_errors": ["This file is a PDF.�[31m"],
    }
    assert prairielearn_results(replace(unreadable, outcome=ReportOutcome.ERROR, score=None), WORDS, SCREEN) == {
        "gradable": False,
        "format_errors": ["The grader failed, and this is not your fault. Please tell your instructor."],
    }


def test_more_than_all_points_is_all() -> None:
    """A bonus does not leave PrairieLearn's range."""
    assert prairielearn_results(a_report(score=5), WORDS, SCREEN)["score"] == 1.0


def test_a_page_of_markdown() -> None:
    """The whole page."""
    assert render_markdown(a_report(), "Backpropagation", WORDS, SCREEN) == (
        "## Backpropagation\n\n"
        "**2 of 4 points**\n\n"
        "Next: **add**.\n\n"
        "| | Question | Points |\n| --- | --- | ---: |\n"
        "| ✗ | add | 0 / 2 |\n"
        "| ✓ | multiply | 2 / 2 |\n\n"
        "### add\n\n"
        "```\n✗ add   Not yet   0 / 2\n    The shape is another one.\n    Next  Which axis?\n    runs 0/2\n```\n"
    )


def test_no_text_of_a_student_leaves_its_fence() -> None:
    """Fences, markup and control characters are what they are, and no page is longer than GitHub takes."""
    page = render_markdown(a_report("````\n# 100 of 100\n<script>\x1b]0;x\x07"), "B", WORDS, SCREEN)
    outside = [part for number, part in enumerate(page.split("`````")) if number % 2 == 0]

    assert "\x1b" not in page
    assert "script" in page
    assert not any("script" in part or "100 of 100" in part for part in outside)
    endless = a_report(questions=tuple(replace(a_report("ab " * 20_000).questions[0], name=f"q{n}") for n in range(9)))
    assert len(render_markdown(endless, "B", WORDS, SCREEN)) <= MOST_CHARACTERS


def test_a_question_that_is_not_visible_keeps_its_words() -> None:
    """These hosts cannot hide points, but nothing is told beside."""
    hidden = a_report()
    hidden = replace(hidden, questions=(replace(hidden.questions[0], visibility="hidden"), hidden.questions[1]))
    told = "What the checks say of this question is not shown."

    assert classroom50_result(hidden, {}, WORDS, SCREEN)["tests"][0]["output"] == told
    assert prairielearn_results(hidden, WORDS, SCREEN)["tests"][0]["output"] == told
    page = render_markdown(hidden, "B", WORDS, SCREEN)
    assert "| ? | add | 0 / 2 |" in page
    assert "shape" not in page


@pytest.mark.parametrize(("told", "seed"), [({}, 2026), ({"GRADER_SEED": ""}, 2026), ({"GRADER_SEED": "12"}, 12)])
def test_a_seed_comes_from_the_host(told: Mapping[str, str], seed: int) -> None:
    """A secret that is not there is an empty text on GitHub."""
    assert seed_of(told) == seed


def test_a_seed_that_is_none_is_not_repeated() -> None:
    """It may be a secret, and the log can be read by students."""
    with pytest.raises(UsageError) as refused:
        seed_of({"GRADER_SEED": "hunter2"})

    assert str(refused.value) == "GRADER_SEED is no whole number such as 4711."


@pytest.mark.parametrize("there", ["file", "link", "folder"])
def test_results_take_the_place_of_what_a_student_left(tmp_path: Path, there: str) -> None:
    """Through a link, nothing is written elsewhere."""
    file, elsewhere = tmp_path / "result.json", tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    if there == "file":
        file.write_text(FORGED)
    elif there == "link":
        file.symlink_to(elsewhere)
    else:
        (file / "inside").mkdir(parents=True)
    write_whole("ours", file)

    assert file.read_text() == "ours"
    assert not file.is_symlink()
    assert elsewhere.read_text() == "mine"


# ---- as the hosts run it -----------------------------------------------------------------------------------


def test_classroom_50_runs_it_in_a_checkout(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """A solution has all points, whatever lies around; a result that a student has committed is replaced."""
    checkout = make_checkout(tmp_path / "checkout", SOLUTIONS / "backprop.ipynb")
    (checkout / "result.json").symlink_to(tmp_path / "forged.json")
    command = [sys.executable, folders["classroom50"] / "autograder.py"]
    done = subprocess.run(command, cwd=checkout, env=environment(**RUNNER), capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "100 / 100\n"), done.stderr
    result = json.loads((checkout / "result.json").read_text())
    assert [result[key] for key in ("schema", "classroom", "submission", "review", "score", "max-score")] == [
        "classroom50/result/v1",
        "deep",
        "submit/1",
        "https://example.org/c",
        100,
        100,
    ]
    assert sum(test["score"] for test in result["tests"]) == 100
    assert all(type(test[key]) is int for test in result["tests"] for key in ("score", "max-score"))
    assert not (tmp_path / "forged.json").exists()
    assert (checkout / "release-body.md").read_text().startswith("## ")


def test_no_code_of_a_student_reaches_the_result(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """It tries to write one, to find the seed, and to be called later; what stands there is what it has earned."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "backprop.py").write_text(
        "import atexit, os\n"
        f"forged = {FORGED!r}\n"
        f"files = [{str(checkout / 'result.json')!r}, 'result.json']\n"
        "def write():\n"
        "    for file in files:\n"
        "        try:\n"
        "            open(file, 'w').write(forged)\n"
        "        except OSError:\n"
        "            pass\n"
        "    print(forged)\n"
        "atexit.register(write)\n"
        "write()\n"
        "def sigmoid_backward(grad_out, out):\n"
        "    write()\n"
        "    raise ValueError(os.environ.get('GRADER_SEED', 'no seed') + ' ```` # 100 of 100')\n"
    )
    command = [sys.executable, folders["classroom50"] / "autograder.py"]
    own = environment(**RUNNER, GRADER_SEED="471147114711")
    done = subprocess.run(command, cwd=checkout, env=own, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "0 / 100\n"), done.stderr
    assert json.loads((checkout / "result.json").read_text())["score"] == 0
    page = (checkout / "release-body.md").read_text()
    assert "471147114711" not in page + (checkout / "result.json").read_text()
    assert "no seed" in page


def test_a_fault_of_the_grader_is_no_score_on_classroom_50(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """The runner is told by the exit code, and no result of the student's stays there."""
    checkout = make_checkout(tmp_path / "checkout", SOLUTIONS / "backprop.ipynb")
    (checkout / "result.json").write_text(FORGED)
    broken = environment(**RUNNER, GRADER_SEED="no number")
    command = [sys.executable, folders["classroom50"] / "autograder.py"]
    done = subprocess.run(command, cwd=checkout, env=broken, capture_output=True, text=True, check=False)

    assert done.returncode == 3
    assert "GRADER_SEED is no whole number" in done.stderr
    assert "no number" not in done.stderr
    assert not (checkout / "result.json").exists()


def grade_on_prairielearn(folder: Path, root: Path, submission: Path | None) -> dict[str, Any]:
    (root / "student").mkdir()
    if submission is not None:
        (root / "student" / "backprop.py").write_bytes(submission.read_bytes())
    script = folder / "serverFilesCourse" / "backprop-grader" / "run.sh"
    own = environment(GRADE_ROOT=str(root), GRADER_PYTHON=sys.executable, GRADER_SEED="4711")
    done = subprocess.run([script], env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    results: dict[str, Any] = json.loads((root / "results" / "results.json").read_text())
    return results


def test_prairielearn_runs_it(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """A solution has the score 1, test by test."""
    results = grade_on_prairielearn(folders["prairielearn"], tmp_path, SOLUTIONS / "solution.py")

    assert (results["gradable"], results["score"]) == (True, 1.0)
    assert all(test["points"] == test["max_points"] for test in results["tests"])


def test_prairielearn_takes_no_attempt_for_nothing(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """Nothing was handed in: that is said, and is no score."""
    results = grade_on_prairielearn(folders["prairielearn"], tmp_path, None)

    assert results["gradable"] is False
    assert len(results["format_errors"]) == 1


def test_prairielearn_has_a_result_when_the_grader_breaks(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """Python itself does not start, and the result that was left first says that it is not the student's fault."""
    script = folders["prairielearn"] / "serverFilesCourse" / "backprop-grader" / "run.sh"
    own = environment(GRADE_ROOT=str(tmp_path), GRADER_PYTHON="/bin/false")
    done = subprocess.run([script], env=own, capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert json.loads((tmp_path / "results" / "results.json").read_text()) == {
        "gradable": False,
        "format_errors": [
            "The grader did not finish, and this is not your fault. Please hand in again; if it happens again, "
            "tell your instructor."
        ],
    }


def test_the_question_of_prairielearn_starts_what_is_there(folders: Mapping[str, Path]) -> None:
    """The entrypoint exists and may be run, and the seed is where students do not see it."""
    folder = folders["prairielearn"]
    question = json.loads((folder / "questions" / "backprop" / "info.json").read_text())
    options = question["externalGradingOptions"]
    entrypoint = folder / Path(options["entrypoint"]).relative_to("/grade")

    assert os.access(entrypoint, os.X_OK)
    assert (folder / "serverFilesCourse" / options["serverFilesCourse"][0]).is_dir()
    assert options["environment"] == {"GRADER_SEED": "4711"}
    assert "4711" not in (folder / "questions" / "backprop" / "question.html").read_text()


def run_steps(workflow: Path, checkout: Path, summary: Path) -> list[tuple[int, str]]:
    """The `run` steps of a workflow, one after the other, as GitHub runs them: exit codes and what was printed."""
    document = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    shims = checkout.parent / "bin"
    shims.mkdir()
    (shims / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (shims / "python").chmod(0o755)
    ended = []
    for step in document["jobs"]["grade"]["steps"]:
        if "run" in step:
            own = environment(PATH=f"{shims}:{os.environ['PATH']}", GITHUB_STEP_SUMMARY=str(summary))
            own |= {name: "" if "secrets." in value else value for name, value in step.get("env", {}).items()}
            shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(shell, cwd=checkout, env=own, capture_output=True, text=True, check=False)
            ended.append((done.returncode, done.stdout))
    return ended


def test_github_runs_it_in_a_repository(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """The steps of the workflow, in bash: what is not right yet fails the job, and stands in its summary."""
    checkout, summary = tmp_path / "checkout", tmp_path / "summary.md"
    checkout.mkdir()
    wrong = "def add_backward(grad_out, a, b):\n    raise ValueError('::set-output name=x::y')\n"
    (checkout / "homework.py").write_text(wrong)
    for name, data in HOSTS["github"].make(load_assignment(str(ROOT / "assignments" / "backprop")), 0).items():
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_bytes(data)
    ended = run_steps(checkout / ".github" / "workflows" / "grade.yml", checkout, summary)

    assert [code for code, _ in ended][1:] == [1]
    first, *_, last = ended[-1][1].splitlines()
    assert first.startswith("::stop-commands::")
    assert last == f"::{first.rpartition(':')[2]}::"
    assert "**0 of 100 points**" in summary.read_text()


# ---- the command -------------------------------------------------------------------------------------------


def test_the_command_writes_and_says_where_to(tmp_path: Path) -> None:
    """All that is printed; the same seed makes the same files."""
    first, second = tmp_path / "first", tmp_path / "second"
    told = [
        CliRunner().invoke(grader, ["host", "prairielearn", "-o", str(folder), "--seed", "7"])
        for folder in (first, second)
    ]
    lines = told[0].output.splitlines()

    assert lines[0].startswith(f"{first}   ")
    assert lines[1:] == [
        "  host        PrairieLearn",
        "  assignment  backprop 1.0, 100 points",
        "  seed        7   --seed 7 makes the same files again; students should not know it",
        "",
        f"Next   copy what is in {first} to the folder of your course",
    ]
    files = [{f.relative_to(top): f.read_bytes() for f in top.rglob("*") if f.is_file()} for top in (first, second)]
    assert files[0] == files[1]
    assert not any("solution" in str(name) or "wrong" in str(name) for name in files[0])


def test_the_command_overwrites_nothing(tmp_path: Path) -> None:
    """A folder with something in it stays as it is."""
    (tmp_path / "mine").write_text("")
    told = CliRunner().invoke(grader, ["host", "github", "-o", str(tmp_path)])

    assert str(told.exception) == f"{tmp_path} is not empty. Choose another folder with --out, or remove it."


def test_a_seed_needs_a_host_that_keeps_it(tmp_path: Path) -> None:
    """What everybody may read is no seed."""
    told = CliRunner().invoke(grader, ["host", "classroom50", "-o", str(tmp_path / "new"), "--seed", "7"])

    assert told.exit_code == 2
    assert "Classroom 50 has no place in these files where students would not read a seed." in told.output
    assert not (tmp_path / "new").exists()
