"""A whole day of a class: after thousands of submissions, some of them hostile, nothing is left behind or different."""

from __future__ import annotations

import gc
import os
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from test_sandbox import children

from autograder.batch import grade_in, open_sandboxes
from autograder.exams import SEED, Exam
from autograder.load.layouts import Found
from autograder.records import Limits, ReportOutcome, report_to_json
from conftest import SOLUTIONS, SUBMISSIONS, exam_of_functions

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="what processes hold is read from /proc"),
    pytest.mark.once,
]

LANES = 2
EARLY, LATE, EARLY_PROOF, LATE_PROOF = 12, 28, 500, 4_500
"""Submissions before the first look at what is held, and from there to the second one; and those with --proof."""

HOSTILE, WAITING = 20, 10
"""One in so many submissions is hostile; and one in so many of these goes on until its time is up."""

HURRIED = Limits(load=2.0, call=1.0, function=1.0, memory=256)

WAIT = ("loops", "sleeps", "loops-and-catches-everything", "says-where-twice", "returns-an-array-that-loops")

END_AT_ONCE = (
    *("allocates", "closes-the-channel", "closes-the-channel-while-loading", "defines-functions-of-its-own"),
    *("ends-the-process", "ends-the-process-while-loading", "exits", "exits-while-loading", "floods-standard-output"),
    *("forges-a-whole-conversation", "forges-an-exception", "forges-facts-of-the-wrong-kind"),
    *("forges-the-answers-of-others", "keeps-memory", "kills-its-process-group", "leaves-a-child"),
    *("locks-its-arguments", "opens-every-descriptor", "overflows-the-stack", "patches-builtins"),
    *("patches-numpy", "patches-numpy-to-end-the-process", "patches-the-worker", "promises-a-huge-frame"),
    *("raises-a-giant-text", "raises-a-group", "reinterprets-its-arguments", "resizes-its-arguments"),
    *("returns-a-lying-array", "returns-an-empty-giant", "returns-an-endless-tuple", "runs-a-program"),
    *("says-done-too-early", "says-where-unasked", "segfaults", "signals-itself", "starts-a-thread"),
    *("traces-the-others", "writes-a-file", "writes-garbage-everywhere"),
)

EVERY_FEW_WRONG = 8


@pytest.fixture(scope="module")
def exam() -> Exam:
    exam = exam_of_functions(SEED)
    return replace(exam, assignment=replace(exam.assignment, limits=HURRIED))


@pytest.fixture(scope="module")
def right() -> list[Found]:
    files = [SOLUTIONS / "solution.py", *sorted((SUBMISSIONS / "right").glob("*.py"))]
    return [Found(file.name, file) for file in files]


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> list[Found]:
    """The solution with a wrong function at its end."""
    folder = tmp_path_factory.mktemp("wrong")
    solution = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")
    found = []
    for file in sorted((SOLUTIONS / "wrong").glob("*/*.py"))[::EVERY_FEW_WRONG]:
        path = folder / f"{file.parent.name}-{file.name}"
        path.write_text(f"{solution}\n\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
        found.append(Found(path.name, path))
    return found


@dataclass(frozen=True)
class Class:
    """The submissions of a class, some hostile; which of them are honest, by name."""

    found: list[Found]
    honest: dict[str, Found]


def draw_class(right: Sequence[Found], wrong: Sequence[Found], size: int, rng: random.Random) -> Class:
    """Every second honest one is right. Hostile ones come in a fixed rhythm, the first one early."""
    found, honest = [], {}
    for number in range(size):
        if number % HOSTILE != HOSTILE // 4:
            one = rng.choice(rng.choice([right, wrong]))
            honest[one.name] = one
        else:
            waits = number // HOSTILE % WAITING == 1
            name = rng.choice(WAIT if waits else END_AT_ONCE)
            one = Found(f"hostile/{name}", SUBMISSIONS / "hostile" / f"{name}.py")
        found.append(one)
    return Class(found, honest)


@dataclass(frozen=True)
class Held:
    """What grader and zygotes hold when nobody is being graded. `memory` is in MiB, the grader's first."""

    descriptors: int
    processes: list[int]
    files: list[str]
    memory: list[float]


def held(folder: Path) -> Held:
    gc.collect()  # what is held by accident only, such as by a traceback
    zygotes = children(os.getpid())
    return Held(
        descriptors=len(os.listdir("/proc/self/fd")),
        processes=[pid for parent in (os.getpid(), *zygotes) for pid in all_children(parent)],
        files=sorted(str(path) for path in folder.rglob("*")),
        memory=[resident(pid) for pid in (os.getpid(), *zygotes)],
    )


def all_children(parent: int) -> list[int]:
    """Those of all threads, dead ones that nobody has waited for included."""
    folders = Path(f"/proc/{parent}/task").iterdir()
    return sorted(int(pid) for folder in folders for pid in (folder / "children").read_text().split())


def resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def check_soak(
    exam: Exam, early: Class, late: Class, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Held, Held]:
    """What is held after some submissions, and after many more. Every honest report is compared on the way."""
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    alone = list({**early.honest, **late.honest}.values())
    with open_sandboxes(exam.assignment, LANES, LANES) as sandboxes:
        expected = {report.submission: report_to_json(report) for report in grade_in(exam, alone, sandboxes)}
    looks = []
    with open_sandboxes(exam.assignment, LANES, LANES) as sandboxes:
        for part in (early, late):
            for report in grade_in(exam, part.found, sandboxes):
                assert report.outcome is ReportOutcome.GRADED, report.notes
                if report.submission in expected:
                    assert report_to_json(report) == expected[report.submission]
            looks.append(held(folder))
    assert all_children(os.getpid()) == []
    assert list(folder.iterdir()) == []
    first, second = looks
    assert second.processes == first.processes
    assert len(second.processes) == LANES
    assert second.files == first.files
    assert second.descriptors == first.descriptors
    return first, second


def test_a_few_hostile_submissions_change_nothing(
    exam: Exam, right: list[Found], wrong: list[Found], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No descriptor, process or file is left, and the honest ones beside them get the reports that they get alone."""
    rng = random.Random(1)
    some = draw_class(rng.sample(right, 3), rng.sample(wrong, 3), EARLY + LATE, rng)
    early, late = Class(some.found[:EARLY], some.honest), Class(some.found[EARLY:], some.honest)
    check_soak(exam, early, late, tmp_path, monkeypatch)


@pytest.mark.proof
def test_thousands_of_submissions_leave_nothing_behind(
    exam: Exam,
    right: list[Found],
    wrong: list[Found],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    """Nor does anything grow: whoever grades a large course needs no more memory at its end than at its beginning."""
    rng = random.Random(2)
    early, late = draw_class(right, wrong, EARLY_PROOF, rng), draw_class(right, wrong, LATE_PROOF, rng)
    first, second = check_soak(exam, early, late, tmp_path, monkeypatch)

    record_property("soak", f"{EARLY_PROOF + LATE_PROOF} submissions, resident MiB {first.memory} -> {second.memory}")
    assert all(after < 1.1 * before for before, after in zip(first.memory, second.memory, strict=True))
