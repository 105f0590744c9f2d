"""What runs in Gradescope's container, as root: grade what was handed in, or say why there is no grade.

`python start.py prepare` and `selftest` when the image is built, `grade` for each submission, and `explain CODE` when
that did not end well.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.batch import probe_walls
from autograder.errors import GraderError
from autograder.exams import Exam, Exams
from autograder.gradescope.results import compile_schema, write_results
from autograder.gradescope.selftest import try_out
from autograder.gradescope.settings import Settings, read_settings
from autograder.gradescope.store import read_exam, store_exams
from autograder.grading import grade, partial_report
from autograder.judging import error_report, unreadable_report
from autograder.load.assignment import load_assignment
from autograder.load.handed_in import find_handed_in
from autograder.load.layouts import load_submission
from autograder.records import Assignment, Note, Report, Submission
from autograder.render.feedback import load_gradescope_words, load_screen_words
from autograder.render.gradescope import Attempt, gradescope_results, unfinished_results
from autograder.sandbox.client import Sandbox
from autograder.sandbox.nest import Nest

MOST_SECONDS = 480
"""Less than the platform's ten minutes, after which it would show nothing at all. A submission has its own limits."""

TIMED_OUT, KILLED = 128 + signal.SIGALRM, 128 + signal.SIGKILL
"""How a run ends whose time was up, and one that somebody has killed, as a shell tells it."""

REASONS: Mapping[int, str] = {TIMED_OUT: "time", KILLED: "memory"}

LEFT_FOR_GRADER = 384
"""MiB of a small container that the grader itself needs, with its zygote."""


def main(root: Path, words: list[str], nest: Nest) -> int:
    """The exit code. A traceback goes to stdout, which only instructors see. `nest` has started, if it is needed."""
    source = root / "source"
    settings = read_settings(source)
    assignment = with_room(load_assignment(str(source / "assignments" / settings.assignment)))
    if words[:1] == ["prepare"]:
        store_exams(assignment, settings.seed, source)
        compile_schema(source / "site")
        return 0
    if words[:1] == ["selftest"]:
        return selftest(source, assignment, nest)
    if words[:1] == ["explain"]:
        explain(root, assignment, int(words[1]))
        return 0
    return grade_upload(root, assignment, settings, nest)


def selftest(source: Path, assignment: Assignment, nest: Nest) -> int:
    """1, and the reason on stdout, where this image does not give the grades that it has to."""
    with Sandbox(assignment, nest) as sandbox:
        try:
            walls = probe_walls([sandbox]).walls
            seen = try_out(read_exam(assignment, 0, source), sandbox)
        except GraderError as error:
            print(f"Self-test: {error}")
            return 1
    print(f"Self-test: {seen}; walls {', '.join(f'{wall} {state}' for wall, state in walls.items())}")
    return 0


def grade_upload(root: Path, assignment: Assignment, settings: Settings, nest: Nest) -> int:
    """Grade the one submission that is there; write results as soon as there are some."""
    signal.alarm(MOST_SECONDS)  # whatever goes on then, the kernel ends it
    began = time.monotonic()
    number = attempt_number(root / "submission_metadata.json")
    with Sandbox(assignment, nest) as sandbox:
        found = find_handed_in(root / "submission", assignment.name)
        submission = found if isinstance(found, Note) else load_submission(found)
        name = assignment.name if isinstance(found, Note) else found.name
        asked = Submission(name, "script", b"") if isinstance(submission, Note) else submission
        exam = read_exam(assignment, Exams(assignment, settings.seed).index_of(asked), root / "source")
        walls: dict[str, str] = {}

        def leave(report: Report, is_final: bool) -> None:
            seconds = time.monotonic() - began
            attempt = Attempt(number, walls, seconds, assignment.version, assignment.name, settings.leaderboard)
            words, screen = load_gradescope_words(assignment.language), load_screen_words(assignment.language)
            document = gradescope_results(report, attempt, words, screen, is_final)
            write_results(document, root / "results" / "results.json")

        if isinstance(submission, Note):
            leave(unreadable_report(exam, name, submission), True)
            return 0
        walls.update(probe_walls([sandbox]).walls)
        sandbox.so_far = lambda answers: leave(partial_report(exam, submission, answers), False)
        leave(_graded(exam, submission, sandbox), True)
    return 0


def _graded(exam: Exam, submission: Submission, sandbox: Sandbox) -> Report:
    try:
        return grade(exam, submission, sandbox)
    except Exception as error:  # ours, whatever it is: told as ours, and in the instructor's log
        import traceback

        traceback.print_exc(file=sys.stdout)
        return error_report(exam, submission.name, Note("grader-fault", {"text": f"{type(error).__name__}: {error}"}))


def explain(root: Path, assignment: Assignment, code: int) -> None:
    """Say why there is no grade, in place of what stood there; unless a part was graded, which is worth more."""
    file = root / "results" / "results.json"
    if _has_tests(file):
        return
    reason = REASONS.get(code, "ours")
    write_results(unfinished_results(load_gradescope_words(assignment.language), reason), file)


def _has_tests(file: Path) -> bool:
    try:
        return bool(json.loads(file.read_text(encoding="utf-8"))["tests"])
    except (OSError, ValueError, KeyError):
        return False


def attempt_number(metadata: Path) -> int:
    """1 for the first upload of a student, 1 where the platform says nothing."""
    try:
        told: Any = json.loads(metadata.read_text(encoding="utf-8"))
        return 1 + len(told["previous_submissions"])
    except (OSError, ValueError, KeyError, TypeError):
        return 1


def with_room(assignment: Assignment) -> Assignment:
    """The assignment with a memory limit that fits into the container: else the platform kills whom it likes."""
    room = memory_of_container()
    if room is None:
        return assignment
    memory = max(128, min(assignment.limits.memory, room - LEFT_FOR_GRADER))
    return replace(assignment, limits=replace(assignment.limits, memory=memory))


def memory_of_container() -> int | None:
    """MiB that all processes here may use together, or None where there is no limit."""
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            limit = int(Path(file).read_text())
        except (OSError, ValueError):
            continue
        return limit >> 20 if limit < 1 << 40 else None
    return None


def root_folder() -> Path:
    """Where the platform keeps its folders; elsewhere in a rehearsal."""
    return Path(os.environ.get("AUTOGRADER_ROOT", "/autograder"))
