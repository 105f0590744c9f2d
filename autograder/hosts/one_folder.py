"""The folder of one student → the report on the homework in it, whatever is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.batch import grade_in, open_sandboxes, probe_walls
from autograder.exams import Exams
from autograder.hosts.settings import read_settings, seed_of
from autograder.judging import unreadable_report
from autograder.load.assignment import load_assignment
from autograder.load.handed_in import find_handed_in
from autograder.records import Assignment, Note, Report, Submission


@dataclass(frozen=True)
class Graded:
    """A report, and the assignment that it is about."""

    report: Report
    assignment: Assignment


def grade_folder(student: Path, host: Path, environment: Mapping[str, str]) -> Graded:
    """Grade what is in the folder `student` with what the folder `host` brings along.

    Raises GraderError, OSError, ValueError or TypeError where the grader or its folder is broken.
    """
    assignment = load_assignment(str(host / "assignments" / read_settings(host).assignment))
    exams = Exams(assignment, seed_of(environment))
    found = find_handed_in(student, assignment.name)
    if isinstance(found, Note):
        exam = exams.of(Submission(assignment.name, "script", b""))
        return Graded(unreadable_report(exam, assignment.name, found), assignment)
    with open_sandboxes(assignment) as sandboxes:
        probe_walls(sandboxes)  # from now on, each worker has to have what the first one had
        (report,) = grade_in(exams, [found], sandboxes)
    return Graded(report, assignment)
