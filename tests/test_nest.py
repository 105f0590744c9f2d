"""What may happen on the grader's side of a worker: each fault is the grader's own, and no student's grade is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_sandbox import FULL, SOLUTION, children, is_dead, script, solution_but, state_of

from autograder.errors import SandboxError
from autograder.exams import SEED, Exam
from autograder.grading import grade
from autograder.records import Limits, Report, Submission, report_to_json
from autograder.sandbox import client, memory, nest
from autograder.sandbox.client import Sandbox
from autograder.sandbox.nest import Nest
from conftest import ROOT, SOLUTIONS, SUBMISSIONS, exam_of_functions

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls of a worker are Linux's")


@pytest.fixture(scope="module")
def exam() -> Exam:
    return exam_of_functions(SEED)


def zygote_of(sandbox: Sandbox) -> int:
    (pid,) = [pid for pid in children(os.getpid()) if sandbox._nest.is_own(pid)]
    return pid


def as_json(report: Report) -> dict[str, object]:
    return report_to_json(report)


EXAMPLES = [
    SOLUTIONS / "solution.py",
    SOLUTIONS / "wrong" / "multiply" / "no-unbroadcast.py",
    *(SUBMISSIONS / "hostile" / f"{name}.py" for name in ("returns-a-lying-array", "raises-a-giant-text", "exits")),
    *(SUBMISSIONS / "right" / f"{name}.py" for name in ("plain-loops",)),
]


def reports(exam: Exam, place: Nest) -> list[dict[str, object]]:
    with Sandbox(exam.assignment, place) as sandbox:
        return [as_json(grade(exam, script(file), sandbox)) for file in EXAMPLES]


# ---- other ways, the same reports --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def usual(exam: Exam) -> list[dict[str, object]]:
    return reports(exam, Nest())


def test_where_nothing_may_be_forked_each_worker_is_an_interpreter(exam: Exam, usual: object) -> None:
    """The same reports, byte for byte; only slower."""
    assert reports(exam, Nest(forks=False)) == usual


def test_without_a_journal_all_answers_are_frames(exam: Exam, usual: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """No memory file, no room on the disk: the same reports."""
    monkeypatch.setattr(client, "_make_journal", lambda _size: None)

    assert reports(exam, Nest()) == usual


def test_without_memory_files_unlinked_ones_serve(exam: Exam, usual: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS, or where a container forbids the call."""

    def forbidden(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(memory.os, "memfd_create", forbidden)
    client._AT_HAND.clear()

    assert reports(exam, Nest()) == usual


def test_an_instructors_file_that_starts_a_thread_costs_time_only(exam: Exam, usual: object) -> None:
    """A process with threads must not fork, so each worker becomes an interpreter of its own."""
    starts = b"\nimport threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    modules = {**exam.assignment.modules, "forward": exam.assignment.modules["forward"] + starts}
    threaded = replace(exam, assignment=replace(exam.assignment, modules=modules))

    assert reports(threaded, Nest()) == usual


def test_memory_that_has_no_room_leaves_no_descriptor_open() -> None:
    """A grader goes on without a journal, submission after submission."""
    before = os.listdir("/proc/self/fd")

    with pytest.raises(OSError, match="Invalid argument"):
        memory.make_writable(-1)

    assert os.listdir("/proc/self/fd") == before


# ---- a zygote that dies ------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_an_idle_zygote_that_is_gone_is_replaced(
    exam: Exam, monkeypatch: pytest.MonkeyPatch, sent: signal.Signals
) -> None:
    """Dead or silent: every exchange has a deadline, and nobody's grade depends on it."""
    monkeypatch.setattr(nest, "ORDER_SECONDS", 0.5)
    with Sandbox(exam.assignment) as sandbox:
        assert grade(exam, script(SOLUTION), sandbox).score == FULL
        lost = zygote_of(sandbox)
        os.kill(lost, sent)
        assert grade(exam, script(SOLUTION), sandbox).score == FULL
        assert zygote_of(sandbox) != lost
        assert is_dead(lost)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_a_submission_is_asked_again_when_the_zygote_dies_under_it(
    exam: Exam, monkeypatch: pytest.MonkeyPatch, sent: signal.Signals
) -> None:
    """What the worker had said until then does not count, neither for nor against it."""
    monkeypatch.setattr(nest, "ORDER_SECONDS", 0.5)
    slow = solution_but("time.sleep(0.2)\nright_add = add_backward\ndef add_backward(*given): return right_add(*given)")
    slow = script(SOLUTION.replace("import numpy as np", "import time\nimport numpy as np\nWAIT = time.sleep(0.3)"))
    with Sandbox(exam.assignment) as sandbox:
        grade(exam, script(SOLUTION), sandbox)
        lost = zygote_of(sandbox)
        hit = threading.Thread(target=lambda: hit_while_it_has_a_child(lost, sent))
        hit.start()
        report = grade(exam, uses_wait(slow), sandbox)
        hit.join()

        assert report.score == FULL
        assert zygote_of(sandbox) != lost


def uses_wait(submission: Submission) -> Submission:
    """With a function that needs the line that waits, so that it is run."""
    source = (
        submission.source
        + b"\n\nright = add_backward\n\ndef add_backward(*given):\n    WAIT\n    return right(*given)\n"
    )
    return replace(submission, source=source)


def hit_while_it_has_a_child(zygote: int, sent: signal.Signals) -> None:
    while not children(zygote):
        pass
    os.kill(zygote, sent)


def test_a_zygote_that_dies_under_every_try_is_a_fault_of_ours(exam: Exam, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told, and not the student's zero."""
    monkeypatch.setattr(Nest, "end", lambda self, hatchling: end_badly(self, hatchling))
    with Sandbox(exam.assignment) as sandbox, pytest.raises(SandboxError) as raised:
        grade(exam, script(SOLUTION), sandbox)

    assert str(raised.value) == "The process that starts workers ended while one was at work, in 3 tries."


usual_end = Nest.end


def end_badly(place: Nest, hatchling: nest.Hatchling) -> bool:
    for zygote in children(os.getpid()):
        if place.is_own(zygote):
            os.kill(zygote, signal.SIGKILL)
            is_dead(zygote)
    return usual_end(place, hatchling)


def test_a_fork_that_fails_is_a_fault_of_ours(exam: Exam) -> None:
    """No process left on the machine, say."""
    fails = b"\nimport errno, os\ndef fork():\n    raise OSError(errno.EAGAIN, 'no')\nos.fork = fork\n"
    modules = {**exam.assignment.modules, "forward": exam.assignment.modules["forward"] + fails}
    full = replace(exam, assignment=replace(exam.assignment, modules=modules))
    with Sandbox(full.assignment) as sandbox, pytest.raises(SandboxError) as raised:
        grade(full, script(SOLUTION), sandbox)

    assert str(raised.value) == (
        f"No worker could be started, in 3 tries. `{sys.executable} -c 'import numpy'` should work in a terminal; "
        "if it does, the machine may be out of memory or processes."
    )


# ---- a worker that dies, or is stopped ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "ending"), [(signal.SIGKILL, "died"), (signal.SIGSTOP, "time")], ids=["killed", "stopped"]
)
def test_a_worker_that_is_hit_from_outside_costs_what_was_being_called(
    exam: Exam, sent: signal.Signals, ending: str
) -> None:
    """The kernel may kill it for its memory: the functions are asked alone, and all of them are right."""
    waiting = uses_wait(
        script(SOLUTION.replace("import numpy as np", "import numpy as np\nimport time\nWAIT = time.sleep(0.3)"))
    )
    hurried = replace(exam, assignment=replace(exam.assignment, limits=Limits(load=2.0, call=1.0)))
    with Sandbox(hurried.assignment) as sandbox:
        grade(exam, script(SOLUTION), sandbox)
        zygote = zygote_of(sandbox)
        hit = threading.Thread(target=lambda: hit_a_child(zygote, sent))
        hit.start()
        report = grade(hurried, waiting, sandbox)
        hit.join()

    assert report.score == FULL
    assert ending in ("died", "time")


def hit_a_child(zygote: int, sent: signal.Signals) -> None:
    while not (found := children(zygote)):
        pass
    os.kill(found[0], sent)


# ---- Ctrl-C ------------------------------------------------------------------------------------------------


def test_abandoned_work_ends_at_once(exam: Exam) -> None:
    """Whatever a student's code is doing, and nothing new begins."""
    patient = replace(exam, assignment=replace(exam.assignment, limits=Limits(call=60.0, function=60.0)))
    loops = solution_but("def add_backward(*_):\n    while True: pass")
    with Sandbox(patient.assignment) as sandbox:
        grade(patient, script(SOLUTION), sandbox)
        zygote = zygote_of(sandbox)
        workers: list[int] = []
        abandoning = threading.Thread(target=lambda: abandon_at_work(sandbox, zygote, workers))
        abandoning.start()
        with pytest.raises(SandboxError) as raised:
            grade(patient, loops, sandbox)
        abandoning.join()

    assert str(raised.value) == "Grading was stopped."
    assert all(is_dead(pid) for pid in [zygote, *workers])


def abandon_at_work(sandbox: Sandbox, zygote: int, workers: list[int]) -> None:
    while not children(zygote):
        pass
    workers += children(zygote)
    sandbox.abandon()


# ---- what is there to be read ------------------------------------------------------------------------------


def memory_of(pid: int) -> Iterator[bytes]:
    """All that a process has in its memory and may read itself, region by region."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as file:
        for line in maps:
            place, rights, *_ = line.split()
            start, stop = (int(one, 16) for one in place.split("-"))
            if rights.startswith("r") and "[v" not in line:
                file.seek(start)
                try:
                    yield file.read(stop - start)
                except OSError:  # a guard page
                    continue


def shared_writable(pid: int) -> list[str]:
    with open(f"/proc/{pid}/maps") as maps:
        lines = [line.split() for line in maps]
    return [words[-1] if len(words) == 5 else words[5] for words in lines if words[1] in ("rw-s", "rwxs", "-w-s")]


@pytest.mark.once
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may read the memory of a worker, which is the point")
def test_nothing_secret_is_in_the_memory_of_zygote_and_worker(exam: Exam, tmp_path: Path) -> None:
    """No expected value, no path to assignment or submissions, no other student's byte; and of what two workers could
    share, nothing but the own journal."""
    expected = exam.reference.expected
    inputs = b"".join(arg.values.tobytes() for case in exam.deck.cases for call in case.calls for arg in call.arguments)
    keys = [expected[at : at + 3].tobytes() for at in range(0, expected.size - 3, 7)]
    keys = [key for key in keys if key not in inputs and len(set(np.frombuffer(key))) == 3][::8]
    secrets = {
        **{f"expected value {number}": key for number, key in enumerate(keys)},
        "the folder of the assignment": str(exam.assignment.folder.resolve()).encode(),
        "the folder of the solution": b"solutions/backprop",
        "the name of the submission": b"ada-lovelace",
        "another student's code": b"MARK_OF_ANOTHER_STUDENT",
    }
    assert len(keys) > 5
    other = Submission("grace-hopper.py", "script", SOLUTION.encode() + b"\nMARK_OF_ANOTHER_STUDENT = add_backward\n")
    waits = "import time\ndef unbroadcast(*_): time.sleep(3e9)\n"
    patient = replace(exam, assignment=replace(exam.assignment, limits=Limits(call=60.0, function=60.0)))
    seen: dict[str, list[str]] = {}

    def look(sandbox: Sandbox, zygote: int) -> None:
        while not (found := children(zygote)) or state_of(found[0]) != "S":
            pass
        seen["shared"] = shared_writable(found[0])
        for who, pid in (("zygote", zygote), ("worker", found[0])):
            everything = b"\0".join(memory_of(pid))
            seen[who] = [name for name, secret in secrets.items() if secret in everything]
            assert b"unbroadcast" in everything  # we did look at its memory
        sandbox.abandon()

    with Sandbox(patient.assignment) as sandbox:
        assert grade(patient, other, sandbox).score == FULL
        zygote = zygote_of(sandbox)
        looking = threading.Thread(target=look, args=(sandbox, zygote))
        looking.start()
        with pytest.raises(SandboxError):
            grade(patient, Submission("ada-lovelace.py", "script", waits.encode()), sandbox)
        looking.join()

    assert seen == {"zygote": [], "worker": [], "shared": ["/memfd:journal"]}


def test_a_zygote_is_started_without_numpy() -> None:
    """A command starts it before it loads numpy itself, so that the two load it side by side."""
    program = "import sys, autograder.sandbox.nest; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout == "False\n"
