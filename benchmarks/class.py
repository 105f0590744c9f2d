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
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

from autograder import batch
from autograder.exams import SEED, Exam, Exams
from autograder.gradebook import Export, Handin, Student
from autograder.grades.folder import open_folder
from autograder.grades.outputs import write_outputs
from autograder.grades.run import Course, Workers, grade_into, make_plan
from autograder.load.assignment import load_assignment
from autograder.records import Answers, Report, Submission
from autograder.release.sample_class import make_class, solutions_folder
from autograder.sandbox.client import Sandbox
from autograder.sandbox.nest import Nest

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = str(ROOT / "assignments" / "backprop")
TURNS, STUDENTS = 5, 120
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


class Meter:
    """The processor's seconds of half a class: within `Sandbox.answer`, with zygote and workers; for judging what they
    answered, in words; and all that the grader itself spends."""

    def __enter__(self) -> Meter:
        self._answer, self._grade, self._of = Sandbox.answer, batch.grade, Exams.of
        meter, answer, grade, of = self, Sandbox.answer, batch.grade, Exams.of
        self.drawing = self.answering = self.grading = self.others = self._others = self._begun = 0.0
        self.pid = 0

        def metered_of(exams: Exams, submission: Submission) -> Exam:
            began = time.process_time()
            exam = of(exams, submission)
            meter.drawing += time.process_time() - began
            return exam

        def metered_grade(*args: Any) -> Report:
            began = time.process_time()
            report = grade(*args)
            meter.grading += time.process_time() - began
            return report

        def metered(sandbox: Sandbox, *args: Any, **named: Any) -> Answers:
            process = sandbox._nest._process
            assert process is not None
            meter.pid = process.pid
            began = time.process_time()
            answers = answer(sandbox, *args, **named)
            meter.answering += time.process_time() - began
            meter.others = spent_by(process.pid) - meter._others
            return answers

        Sandbox.answer, batch.grade, Exams.of = metered, metered_grade, metered_of  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        Sandbox.answer, batch.grade, Exams.of = self._answer, self._grade, self._of  # type: ignore[method-assign]

    def second_half(self, reports: Iterator[Report], count: int) -> Iterator[Report]:
        """The same; the meter starts in their middle: by then all decks are drawn, and mistakes imitated on them."""
        for number, report in enumerate(reports, 1):
            yield report
            if number == count // 2:
                self.drawing = self.answering = self.grading = 0.0
                self._others, self._begun = spent_by(self.pid), time.process_time()

    def own(self) -> float:
        """What the grader itself has spent so far, but for decks that are still to be drawn."""
        return time.process_time() - self._begun - self.drawing


def spent_by(pid: int) -> float:
    """The processor's seconds of a process and of its children that have ended, in the kernel's ticks."""
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15])) / TICKS


@dataclass
class Turn:
    """The processor's milliseconds for one submission: in its workers, for judging, for the ledger, for the outputs."""

    workers: float
    judged: float
    kept: float
    written: float


def report_one(folder: Path) -> None:
    for name, files in {"a right solution": right_files, "the sample class": sample_files}.items():
        turns = list(take_turns(folder / name, make_course(folder / name, files())))
        workers, judged, kept, written = (
            statistics.median(getattr(one, part.name) for one in turns) for part in fields(Turn)
        )
        ratio = statistics.median((one.workers + one.judged + one.kept) / one.workers for one in turns)
        whole = statistics.median((one.workers + one.judged + one.kept + one.written) / one.workers for one in turns)
        print(f"one submission of a class of {STUDENTS}, {name}, medians of {TURNS} turns, in time of the processor")
        print(f"  {workers:6.2f} ms what it asks of its sealed workers")
        print(f"  {judged:6.2f} ms to judge what they answered, name mistakes and put it in words")
        print(f"  {kept:6.2f} ms to read the file and keep the result   {ratio:.2f} x   aim: at most {AIM} x")
        print(f"  {written:6.2f} ms for its page, its text, its lines in grades.csv and report.html   {whole:.2f} x")


def right_files() -> dict[str, str]:
    text = (ROOT / "solutions/backprop/solution.py").read_text(encoding="utf-8")
    return {f"s{number:04}.py": text for number in range(STUDENTS)}


def sample_files() -> dict[str, str]:
    """A believable class, without those who loop for ever: their seconds are no work."""
    assignment = load_assignment(ASSIGNMENT)
    files = make_class(assignment, solutions_folder(assignment), STUDENTS + 20, SEED)
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
            grade_into(out, course, plan, Workers(1, nest), meter.second_half)
            graded = meter.own()
            write_outputs(out)
            written = (meter.own() - graded) / 2
        parts = (meter.answering + meter.others, meter.grading - meter.answering, graded - meter.grading, written)
        yield Turn(*(1e3 * part / (len(plan.todo) // 2) for part in parts))


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
