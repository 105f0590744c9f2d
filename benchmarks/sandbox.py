"""What isolation costs: a submission in its sandbox against a bare fork, a class against starting numpy for each one.

All in time of the processor, of grader, zygote and workers together, which is no longer on a busy machine. What is
compared is measured in turns, in one run, and the ratio is the median of the turns.
Run it with `make bench`, or alone: `.venv/bin/python benchmarks/sandbox.py`.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

from autograder.exams import Exam, Exams, make_exam
from autograder.grading import grade
from autograder.load.assignment import load_assignment
from autograder.records import Assignment, Submission, report_to_json
from autograder.sandbox import wire
from autograder.sandbox.client import Sandbox, _setting
from autograder.sandbox.layers import LAYERS
from autograder.sandbox.nest import THREADS, Nest

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = str(ROOT / "assignments" / "backprop")
BARE = ROOT / "benchmarks" / "floor" / "bare.py"
RIGHT = ("annotated", "beginner", "one-liners", "log-softmax")

TURNS, A_TURN = 9, 60
"""Turns, and submissions in each of them."""

STUDENTS, STARTS = 1000, 20

AIM_OF_ONE, AIM_OF_CLASS = 1.5, 12.0

TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    loaded = load_assignment(ASSIGNMENT)
    functions = replace(loaded, questions=tuple(one for one in loaded.questions if one.function))
    for name, assignment in (("gradient questions", functions), ("with training", loaded)):
        exam = make_exam(assignment)
        print(f"{name}: {len(exam.deck.cases)} cases, {sum(len(case.calls) for case in exam.deck.cases)} calls")
        report_one(exam)
        report_stages(exam)
        report_class(assignment)


def solution() -> Submission:
    return Submission("solution.py", "script", (ROOT / "solutions/backprop/solution.py").read_bytes())


# ---- one submission ----------------------------------------------------------------------------------------


@dataclass
class Cost:
    """The processor's milliseconds for one submission."""

    grader: float
    others: float

    @property
    def total(self) -> float:
        return self.grader + self.others


def spent_by(pid: int) -> float:
    """The processor's seconds of a process and of its children that have ended, in the kernel's ticks."""
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15])) / TICKS


def turn_in(sandbox: Sandbox, exam: Exam) -> Cost:
    process = sandbox._nest._process
    assert process is not None
    others, own = spent_by(process.pid), time.process_time()
    for _ in range(A_TURN):
        sandbox.answer(solution(), exam.deck)
    return Cost(1e3 * (time.process_time() - own) / A_TURN, 1e3 * (spent_by(process.pid) - others) / A_TURN)


def report_one(exam: Exam) -> None:
    walled, bare, open_ = [], [], []
    unwalled = Nest(without=[name for name in LAYERS if name != "descriptors"])
    with Sandbox(exam.assignment) as sandbox, Sandbox(exam.assignment, unwalled) as other, bare_forks(exam) as floor:
        for one in (sandbox, other):
            turn_in(one, exam)
        for _ in range(TURNS):
            walled.append(turn_in(sandbox, exam))
            bare.append(1e3 * float(floor(f"{A_TURN} plain")) / A_TURN)
            open_.append(turn_in(other, exam))
    ratio = statistics.median(one.total / two for one, two in zip(walled, bare))
    layers = statistics.median(one.total - two.total for one, two in zip(walled, open_))
    grader = statistics.median(one.grader for one in walled)
    others = statistics.median(one.others for one in walled)
    print(f"  {grader + others:6.2f} ms in a sandbox: {grader:.2f} grader, {others:.2f} zygote and worker")
    print(f"  {statistics.median(bare):6.2f} ms in a bare fork   {ratio:.2f} x   aim: at most {AIM_OF_ONE} x")
    print(f"  {layers:6.2f} ms of it for the layers that isolate")


@contextmanager
def bare_forks(exam: Exam) -> Iterator[Callable[[str], str]]:
    """The floor: a process that answers an order with a line."""
    functions = {one.function: one.forward for one in exam.assignment.questions if one.function}
    request = wire.Request(
        kind="script",
        source=solution().source,
        functions=tuple(functions),
        forwards=tuple(functions.values()),
        cases=tuple(range(len(exam.deck.cases))),
    )
    bodies = {
        "setting": wire.encode_setting(_setting(exam.assignment)),
        "deck": wire.encode_deck(exam.deck.cases),
        "request": wire.encode_request(request),
    }
    nest = Nest()
    with tempfile.TemporaryDirectory() as folder:
        for name, body in bodies.items():
            Path(folder, name).write_bytes(body)
        uid = "-" if nest._uid.uid is None else str(nest._uid.uid)
        paths = [os.path.join(folder, name) for name in bodies]
        environment = {**dict.fromkeys(THREADS, "1"), "PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen(
            [sys.executable, "-S", str(BARE), *paths, nest._folder.name, uid],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        ) as process:

            def order(words: str) -> str:
                assert process.stdin is not None
                assert process.stdout is not None
                print(words, file=process.stdin, flush=True)
                return process.stdout.readline()

            order("5 plain")
            yield order
            assert process.stdin is not None
            process.stdin.close()
    nest.close()


def report_stages(exam: Exam) -> None:
    with bare_forks(exam) as floor:
        stages = json.loads(floor(f"{A_TURN} stages"))
    print("  of a worker: " + ", ".join(f"{name} {milliseconds:.2f}" for name, milliseconds in stages.items()))


# ---- a class -----------------------------------------------------------------------------------------------


def spent() -> float:
    """The processor's seconds of this process, and of all that it has started and that has ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def report_class(assignment: Assignment) -> None:
    """From files to JSON, one after the other; each file has a line of its own, and so the deck that it is given."""
    files = [ROOT / "solutions/backprop/solution.py"]
    files += [ROOT / "tests/submissions/backprop/right" / f"{name}.py" for name in RIGHT]
    before = spent()
    exams = Exams(assignment)
    with Sandbox(assignment) as sandbox:
        for number in range(STUDENTS):
            file = files[number % len(files)]
            submission = Submission(file.name, "script", file.read_bytes() + f"# {number}\n".encode())
            report = grade(exams.of(submission), submission, sandbox)
            json.dumps(report_to_json(report))
    graded = spent()
    for _ in range(STARTS):
        subprocess.run([sys.executable, "-c", "import numpy"], check=True)
    started = (spent() - graded) / STARTS
    ratio = STUDENTS * started / (graded - before)
    print(
        f"  {graded - before:6.2f} s for a class of {STUDENTS}, "
        f"python -c 'import numpy' {1e3 * started:.0f} ms each   {ratio:.1f} x cheaper   aim: {AIM_OF_CLASS}"
    )


if __name__ == "__main__":
    main()
