"""What a class costs beside its workers: `grade --out` against the sealed workers alone, memory, and two at a time.

Time is that of the processor, of grader, zygote and workers together, which is no longer on a busy machine; but for two
at a time, which is about the clock. What is compared is measured in turns, and the ratio is the median of the turns.
Run it with `make bench`, or alone: `.venv/bin/python benchmarks/class.py`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

from autograder.exams import SEED, Exam, Exams
from autograder.gradebook import Export, Handin, Student
from autograder.grades.folder import open_folder
from autograder.grades.outputs import write_outputs
from autograder.grades.run import Course, Workers, grade_into, make_plan
from autograder.load.assignment import load_assignment
from autograder.records import Answers, Submission
from autograder.release.sample_class import make_class, solutions_folder
from autograder.sandbox.client import Sandbox
from autograder.sandbox.nest import Nest

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = str(ROOT / "assignments" / "backprop")
TURNS, STUDENTS = 5, 60
SMALL, LARGE = 100, 1000
AIM = 1.2
TICKS = os.sysconf("SC_CLK_TCK")

MEASURED = """
import resource, sys
from grader_cli.main import main
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report_one(folder)
        report_memory(folder)
        report_jobs(folder)


# ---- one submission --------------------------------------------------------------------------------------------


@dataclass
class Meter:
    """The processor's seconds of one class: within `Sandbox.answer`, with zygote and workers; for drawing decks; and
    all that the grader spends from the first submission on."""

    answering: float = 0.0
    others: float = 0.0
    drawing: float = 0.0
    begun: float | None = None

    def __enter__(self) -> Meter:
        self._answer, self._of = Sandbox.answer, Exams.of
        meter, answer, of = self, Sandbox.answer, Exams.of
        first: list[float] = []

        def metered_answer(sandbox: Sandbox, *args: Any, **named: Any) -> Answers:
            process = sandbox._nest._process
            assert process is not None
            first[:] = first or [spent_by(process.pid)]
            began = time.process_time()
            meter.begun = began if meter.begun is None else meter.begun
            answers = answer(sandbox, *args, **named)
            meter.answering += time.process_time() - began
            meter.others = spent_by(process.pid) - first[0]
            return answers

        def metered_of(exams: Exams, submission: Submission) -> Exam:
            began = time.process_time()
            exam = of(exams, submission)
            if meter.begun is not None:
                meter.drawing += time.process_time() - began
            return exam

        Sandbox.answer, Exams.of = metered_answer, metered_of  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        Sandbox.answer, Exams.of = self._answer, self._of  # type: ignore[method-assign]

    def own(self) -> float:
        """So far, without drawing decks."""
        assert self.begun is not None
        return time.process_time() - self.begun - self.drawing


def spent_by(pid: int) -> float:
    """The processor's seconds of a process and of its children that have ended, in the kernel's ticks."""
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15])) / TICKS


@dataclass
class Turn:
    """The processor's milliseconds for one submission."""

    workers: float
    graded: float
    written: float


def report_one(folder: Path) -> None:
    for name, files in {"a right solution": right_files, "the sample class": sample_files}.items():
        course = make_course(folder / name, files())
        turns = list(take_turns(folder / name, course))
        workers, graded, written = (
            statistics.median(values) for values in zip(*((one.workers, one.graded, one.written) for one in turns))
        )
        ratio = statistics.median(one.graded / one.workers for one in turns)
        whole = statistics.median((one.graded + one.written) / one.workers for one in turns)
        print(f"one submission of {STUDENTS}, {name}, medians of {TURNS} turns, in time of the processor")
        print(f"  {workers:6.2f} ms what it asks of its sealed workers")
        print(f"  {graded:6.2f} ms read, graded and in the ledger   {ratio:.2f} x   aim: at most {AIM} x")
        print(f"  {written:6.2f} ms more for its page, its text, its line in the CSV, its part of the class page")
        print(f"  {whole:6.2f} x with these")


def right_files() -> dict[str, str]:
    text = (ROOT / "solutions/backprop/solution.py").read_text(encoding="utf-8")
    return {f"s{number:04}.py": text for number in range(STUDENTS)}


def sample_files() -> dict[str, str]:
    """A believable class, without those who loop for ever: their seconds are no work."""
    assignment = load_assignment(ASSIGNMENT)
    files = make_class(assignment, solutions_folder(assignment), 2 * STUDENTS, SEED)
    return dict([(name, text) for name, text in files.items() if "while" not in text][:STUDENTS])


def make_course(folder: Path, files: dict[str, str]) -> Course:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    handins = tuple(Handin(name, (Student(name),), folder / name, name) for name in sorted(files))
    assignment = load_assignment(ASSIGNMENT)
    return Course(assignment, SEED, Export("plain files", "", handins), assignment.policy)


def take_turns(folder: Path, course: Course) -> Iterator[Turn]:
    """The same class again and again."""
    for turn in range(TURNS):
        plan_folder = folder.with_name(f"{folder.name}-grades{turn}")
        with open_folder(plan_folder) as out, Nest() as nest, Meter() as meter:
            plan = make_plan(out, course)
            grade_into(out, course, plan, Workers(1, nest), lambda reports, _: reports)
            graded = meter.own()
            write_outputs(out)
            written = meter.own() - graded
        workers = meter.answering + meter.others
        count = len(plan.todo)
        yield Turn(1e3 * workers / count, 1e3 * (graded + meter.others) / count, 1e3 * written / count)


# ---- a class ---------------------------------------------------------------------------------------------------


def report_memory(folder: Path) -> None:
    peaks = []
    for count in (SMALL, LARGE):
        _, peak = run_command(make_many(folder / f"m{count}", count), folder / f"m{count}-grades", 2)
        peaks.append(peak)
    print(f"memory of the grader at its peak: {peaks[0]} MB for {SMALL}, {peaks[1]} MB for {LARGE} submissions")


def report_jobs(folder: Path) -> None:
    files = make_many(folder / "jobs", 2 * SMALL)
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(3):
        for jobs, taken in seconds.items():
            taken.append(run_command(files, folder / f"jobs{jobs}-{turn}", jobs)[0])
    ratio = statistics.median(one / two for one, two in zip(seconds[1], seconds[2]))
    one, two = map(statistics.median, seconds.values())
    print(f"{2 * SMALL} submissions by the clock: {one:.1f} s with -j 1, {two:.1f} s with -j 2   {ratio:.2f} x faster")


def make_many(folder: Path, count: int) -> Path:
    """The sample class, again and again under other names."""
    texts = list(sample_files().items())
    folder.mkdir()
    for number in range(count):
        name, text = texts[number % len(texts)]
        (folder / f"{number:04}-{name}").write_text(text, encoding="utf-8")
    return folder


def run_command(files: Path, out: Path, jobs: int) -> tuple[float, int]:
    """The seconds of `grade --out` by the clock, and its peak of memory in MB."""
    words = [sys.executable, "-c", MEASURED, "grade", str(files), "--out", str(out), "-j", str(jobs)]
    began = time.monotonic()
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return time.monotonic() - began, int(done.stderr.split()[-1]) >> 10


if __name__ == "__main__":
    main()
