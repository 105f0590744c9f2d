"""Our grading in the place of otter's: what `otter run` does with a zip that names this plugin.

The student's file is graded in the sandbox, as `grader grade` does. Otter's own kernel gets an empty notebook, and all
that it finds there is replaced. What is imported here is imported before the folder of a submission is entered.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from otter.plugins import AbstractOtterPlugin

from autograder.batch import grade_class
from autograder.errors import GraderError
from autograder.exams import SEED
from autograder.load.assignment import load_assignment
from autograder.load.layouts import Found
from autograder.otter.results import fill, fill_with_fault
from autograder.otter.submitted import EMPTY, set_aside
from autograder.records import Assignment, Report, ReportOutcome, Results, report_to_json
from autograder.sandbox.nest import Nest

NAME = "autograder.otter.plugin.GraderPlugin"


class GraderPlugin(AbstractOtterPlugin):  # type: ignore[misc]
    """`{"autograder.otter.plugin.GraderPlugin": {"assignment": "backprop", "seed": 2026}}` in otter_config.json.

    No method raises: a fault of ours becomes a result that says so, with the trace in what the instructor sees.
    """

    def __init__(self, submission_path: str, submission_metadata: Mapping[str, Any], plugin_config: Any) -> None:
        super().__init__(submission_path, submission_metadata, plugin_config)
        self._assignment: Assignment | None = None
        self._graded: Results | None = None
        self._fault = ""
        self._trace = ""

    def before_grading(self, config: Any) -> None:
        """Set aside what was handed in, and grade it."""
        try:
            submission = Path(self.submission_path)
            handed_in = set_aside(submission)
            self._assignment = load_assignment(_assignment_beside(submission.parent, self.plugin_config))
            self._graded = _grade(self._assignment, _seed(self.plugin_config), handed_in)
        except Exception as error:
            self._fault = f"{type(error).__name__}: {error}"
            self._trace = "" if isinstance(error, GraderError) else traceback.format_exc()

    def before_execution(self, submission: Any) -> Any:
        """No student's code in a kernel of otter."""
        return nbformat.reads(EMPTY, as_version=4)  # type: ignore[no-untyped-call, unused-ignore]

    def after_grading(self, results: Any) -> None:
        """Our numbers and texts, and nothing else; the whole report is kept for programs, under this plugin's name."""
        try:
            report = self._report()
            if self._assignment is None or report is None:
                fill_with_fault(results, self._fault)
            else:
                fill(results, self._assignment, report)
                results.set_plugin_data(NAME, report_to_json(report))
        except Exception as error:
            self._trace = traceback.format_exc()
            fill_with_fault(results, f"{type(error).__name__}: {error}")

    def generate_report(self) -> str:
        """For the instructor, in what otter prints: the score, the walls that stood, a fault of ours with its trace."""
        report = self._report()
        if report is None or self._graded is None:
            return f"FAULT OF THE GRADER, no grade: {self._fault}\n{self._trace}".rstrip()
        walls = ", ".join(f"{wall} {state}" for wall, state in self._graded.layers.items())
        if report.outcome is ReportOutcome.ERROR:
            return f"FAULT OF THE GRADER, no grade: {report.notes[0].message}\nIsolation: {walls}"
        flags = f"\nFlags: {', '.join(report.flags)}" if report.flags else ""
        return f"{report.submission}: {report.score} of {report.max_score}{flags}\nIsolation: {walls}{self._trace}"

    def _report(self) -> Report | None:
        return self._graded.reports[0] if self._graded is not None else None


def _grade(assignment: Assignment, seed: int, handed_in: Path) -> Results:
    with Nest() as nest:
        return grade_class(
            assignment, seed, [Found(handed_in.name, handed_in)], 1, nest, (), lambda reports, _: reports
        )


def _assignment_beside(submission: Path, settings: Mapping[str, Any]) -> str:
    """The folder of the assignment in the zip, where it is there; else its name, for the one that is installed."""
    name = str(settings["assignment"])
    packed = submission.parent / "source" / "assignments" / name
    return str(packed) if packed.is_dir() else name


def _seed(settings: Mapping[str, Any]) -> int:
    return int(settings.get("seed", SEED))
