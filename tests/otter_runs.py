"""Real runs of otter on a zip of ours, and submissions for them. Otter is imported on use: not every Python has it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sources import notebook

from autograder.batch import grade_class
from autograder.exams import SEED
from autograder.load.assignment import load_assignment
from autograder.load.layouts import Found
from autograder.otter.bundle import make_otter_zip
from autograder.otter.card_text import card_text
from autograder.records import Assignment, Report
from autograder.render.feedback import load_screen_words
from autograder.sandbox.nest import Nest
from conftest import ROOT, SOLUTIONS

BACKPROP = load_assignment(str(ROOT / "assignments" / "backprop"))
SOLUTION = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")
Box = tuple[str, float, str]
"""A question in results.json: its name, its score and what is said."""


@dataclass(frozen=True)
class OtterRun:
    """What is left of a run: the exit code, what was printed, and results.json, if there is one."""

    code: int
    printed: str
    results: Mapping[str, Any] | None

    @property
    def boxes(self) -> list[Box]:
        assert self.results is not None, self.printed
        return [(test["name"], test["score"], test["output"]) for test in self.results["tests"]]


def with_solution(source: str) -> str:
    """A whole submission: everything is right, but for what the source defines anew."""
    return f"{SOLUTION}\n\n{source}"


def otter_zip(folder: Path, assignment: Assignment = BACKPROP) -> Path:
    target = folder / "autograder.zip"
    make_otter_zip(assignment, target, SEED)
    return target


def otter_run(autograder: Path, submission: Path, folder: Path) -> OtterRun:
    """`otter run` in a process of its own, and in a folder of its own."""
    folder.mkdir()
    words = [sys.executable, "-m", "otter", "run", "-a", str(autograder), "-o", str(folder), str(submission)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    written = folder / "results.json"
    results = json.loads(written.read_text(encoding="utf-8")) if written.exists() else None
    return OtterRun(done.returncode, done.stdout + done.stderr, results)


def laid_out(autograder: Path, submission: Path, root: Path) -> Path:
    """What otter and platforms lay out before a run: `source`, `submission` and `results`. The submission's path."""
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    (root / "submission_metadata.json").write_text("{}", encoding="utf-8")
    with zipfile.ZipFile(autograder) as packed:
        packed.extractall(root / "source")
    if submission.suffix == ".zip":
        with zipfile.ZipFile(submission) as packed:
            packed.extractall(root / "submission")
    else:
        (root / "submission" / submission.name).write_bytes(submission.read_bytes())
    return root / "submission" / submission.name


def plugin_run(autograder: Path, submission: Path, root: Path) -> OtterRun:
    """The hooks of the plugin in the order in which otter calls them, without its kernel, which has nothing to do."""
    from otter.run import AutograderConfig
    from otter.test_files import GradingResults

    from autograder.otter.plugin import NAME, GraderPlugin

    path = laid_out(autograder, submission, root)
    config = json.loads((root / "source" / "otter_config.json").read_text(encoding="utf-8"))
    plugin = GraderPlugin(str(path), {}, config["plugins"][0][NAME])
    plugin.before_grading(AutograderConfig(config))
    results = GradingResults([])
    plugin.after_grading(results)
    return OtterRun(0, plugin.generate_report(), results.to_gradescope_dict(AutograderConfig(config)))


def grader_grade(submission: Path, assignment: Assignment = BACKPROP) -> Report:
    """What `grader grade` reports on it."""
    with Nest() as nest:
        found = [Found(submission.name, submission)]
        results = grade_class(assignment, SEED, found, 1, nest, required=(), progress=lambda reports, _: reports)
    return results.reports[0]


def boxes_of(report: Report) -> list[Box]:
    """What otter has to show of a report: the same scores, and the same outcomes, in the same words."""
    words = load_screen_words("en")
    alone = [
        Report(report.submission, report.outcome, report.score, report.max_score, report.deck, (), (), (question,))
        for question in report.questions
    ]
    return [(one.questions[0].name, one.questions[0].score, card_text(one, words)) for one in alone]


def notebook_file(folder: Path, *cells: str, name: str = "hw.ipynb") -> Path:
    file = folder / name
    file.write_bytes(notebook(*cells))
    return file


def zip_file(folder: Path, members: Mapping[str, bytes], name: str = "hw.zip") -> Path:
    file = folder / name
    with zipfile.ZipFile(file, "w") as packed:
        for member, content in members.items():
            packed.writestr(member, content)
    return file
