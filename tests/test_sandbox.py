"""Hostile submissions, by the dozen: each costs its own question, and neither the other ones nor the next student."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import SandboxError
from autograder.exams import SEED, Exam
from autograder.grading import grade
from autograder.judging import judge
from autograder.records import Limits, Outcome, QuestionResult, Report, ReportOutcome, Submission, report_to_json
from autograder.sandbox.client import Sandbox
from autograder.sandbox.nest import Nest
from conftest import ROOT, SOLUTIONS, SUBMISSIONS, exam_of_functions, one_in

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls of a worker are Linux's")

QUICK = Limits(load=2.0, call=1.0, memory=256)
"""Enough for right functions, and over soon for endless ones."""

SOLUTION = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")
FULL = 80

needs_private_user = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a worker a user of its own")


@pytest.fixture(scope="module")
def exam() -> Exam:
    """Without training: what one function does, costs there by intention."""
    return exam_of_functions(SEED)


ONE_IN = 4
"""Of the gallery, so much is looked at in an ordinary run; with --proof, all of it, and everywhere."""


def attacks() -> Iterator[Any]:
    """Each file with what its second line expects, and a skip where its third one asks for more than there is."""
    for number, file in enumerate(sorted((SUBMISSIONS / "hostile").glob("*.py"))):
        _, expects, needs, *_ = file.read_text(encoding="utf-8").splitlines()
        assert expects.startswith("# expect: "), f"{file.name}: its second line should be `# expect: QUESTION ENDING`"
        question, _, endings = expects.removeprefix("# expect: ").partition(" ")
        marks = [needs_private_user] if needs == "# needs: a user of its own" else []
        marks += [pytest.mark.proof] if number % ONE_IN else []
        yield pytest.param(file, question, endings.split(" or "), id=file.stem, marks=marks)


def with_limits(exam: Exam, limits: Limits) -> Exam:
    return replace(exam, assignment=replace(exam.assignment, limits=limits))


@pytest.fixture(scope="module")
def quick(exam: Exam) -> Exam:
    return with_limits(exam, QUICK)


@pytest.fixture(scope="module")
def sandbox(exam: Exam) -> Iterator[Sandbox]:
    with Sandbox(exam.assignment) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def quick_sandbox(quick: Exam) -> Iterator[Sandbox]:
    """One for all attacks of a test run, in any order: none of them may spoil it for the next."""
    with Sandbox(quick.assignment) as sandbox:
        yield sandbox


def script(source: str | Path) -> Submission:
    return Submission("hw.py", "script", source.read_bytes() if isinstance(source, Path) else source.encode())


def solution_but(definition: str) -> Submission:
    """The solution, with another definition of a function or two at its end."""
    return script(f"{SOLUTION}\n\nimport os, sys, time\n\n{definition}\n")


def questions(report: Report) -> dict[str, QuestionResult]:
    assert report.outcome is ReportOutcome.GRADED, report.notes
    return {question.name: question for question in report.questions}


def ending(question: QuestionResult) -> str:
    """`stopped died`: the outcome of a question, and the fault of the first of its checks that did not pass."""
    faults = [check.fault for check in question.checks if check.fault is not None]
    return " ".join([question.outcome.value, *faults[:1]])


IS_OPEN = """
def is_open(number):
    try:
        return os.write(number, b"") == 0
    except OSError:
        return False
"""


def what_it_says(exam: Exam, sandbox: Sandbox, expression: str) -> str:
    """What a student's function finds out about the process that it runs in."""
    source = f"def multiply_backward(*_): raise RuntimeError({expression})\n{IS_OPEN}"
    report = grade(exam, solution_but(source), sandbox)
    return str(questions(report)["multiply"].checks[0].facts["text"])


def children(parent: int) -> list[int]:
    """The zygotes that a process has started, or the workers that a zygote has."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = b"autograder.sandbox.zygote" in (folder / "cmdline").read_bytes()
            if is_ours and int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(folder.name))
        except OSError:  # gone since the folder was listed
            continue
    return found


def state_of(pid: int) -> str:
    """One letter; "T" is stopped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def is_dead(pid: int) -> bool:
    """True as soon as the process has died, which the kernel may take a moment to finish; False if it goes on."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 30)[0])
    finally:
        os.close(handle)


# ---- attacks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("file", "question", "endings"), list(attacks()))
def test_an_attack_costs_its_own_question_and_nothing_else(
    quick: Exam, quick_sandbox: Sandbox, file: Path, question: str, endings: list[str]
) -> None:
    """Every file ends as its second line says; the other functions keep their marks, and so does the next student. To a
    file that is odd but honest nothing is said."""
    report = grade(quick, script(file), quick_sandbox)
    next_report = grade(quick, script(SOLUTION), quick_sandbox)

    results = questions(report)
    assert ending(results.pop(question)) in endings
    assert {name: result.outcome for name, result in results.items()} == dict.fromkeys(results, Outcome.PASSED)
    assert next_report.score == FULL
    assert endings != ["passed"] or not report.notes
    assert_can_be_shown(report)


def assert_can_be_shown(report: Report) -> None:
    """A report is JSON that any reader takes, and its sentences hold nothing that a terminal would obey."""
    json.dumps(report_to_json(report), allow_nan=False).encode()
    sentences = [note.message for note in report.notes]
    sentences += [check.message for question in report.questions for check in question.checks]
    assert [sentence for sentence in sentences if not sentence.isprintable()] == []


NOT_SAID = (
    *("says-a-line-that-is-none-when-asked-where", "says-where-twice", "promises-a-huge-frame-when-asked-where"),
    *("floods-when-asked-where", "answers-when-asked-where", "exits-when-asked-where", "raises-when-asked-where"),
    *("blocks-the-question-where-it-is", "ignores-signals"),
)


@pytest.mark.parametrize("name", one_in(3, NOT_SAID))
def test_whoever_does_not_say_where_it_is_was_stopped_all_the_same(
    quick: Exam, quick_sandbox: Sandbox, name: str
) -> None:
    """The sentence is then the one without a place; no word of it is taken from what was said instead."""
    report = grade(quick, script(SUBMISSIONS / "hostile" / f"{name}.py"), quick_sandbox)

    check = questions(report)["multiply"].checks[0]
    assert check.facts == {"function": "multiply_backward", "case": "a (3, 4), b (3, 4)"}
    assert check.message == ("For a (3, 4), b (3, 4): multiply_backward took longer than 2 seconds and was stopped.")


def test_a_stopped_function_says_where_it_was(quick: Exam, quick_sandbox: Sandbox) -> None:
    """The innermost line of the student's own; what numpy does below it is not theirs."""
    source = "def multiply_backward(*_):\n    while True: np.sum(np.ones(9))\n"
    report = grade(quick, script(f"import numpy as np\n{source}"), quick_sandbox)

    facts = questions(report)["multiply"].checks[0].facts
    assert {name: facts.get(name) for name in ("where", "line", "code")} == {
        "where": "",
        "line": 3,
        "code": "while True: np.sum(np.ones(9))",
    }
    assert "line" not in questions(report)["multiply"].checks[1].facts


def test_a_long_step_of_numpy_is_no_line_that_can_be_told(quick: Exam, quick_sandbox: Sandbox) -> None:
    """Python answers a signal between two of its own steps only; a step that never ends is stopped without a place."""
    source = "def multiply_backward(*_): return max(iter(int, 1))\n"
    report = grade(quick, script(source), quick_sandbox)

    check = questions(report)["multiply"].checks[0]
    assert (check.fault, "line" in check.facts) == ("time", False)


BODY_OF_MULTIPLY = (
    "return unbroadcast(np.asarray(grad_out * b), a.shape), unbroadcast(np.asarray(grad_out * a), b.shape)"
)

TOO_MUCH = {
    "a-long-sum": "return " + "+".join(["1"] * 200_000),
    "deep-brackets": "return " + "(" * 50_000 + ")" * 50_000,
    "deep-lists": "return " + "[" * 50_000 + "]" * 50_000,
    "many-signs": "return " + "-" * 200_000 + "1",
    "many-attributes": "return a" + ".T" * 200_000,
    "many-calls": "return a" + "()" * 100_000,
    "many-lambdas": "return " + "lambda: " * 20_000 + "1",
    "many-branches": "if a: pass\n" + "    elif b: pass\n" * 20_000,
    "a-long-number": "return " + "9" * 200_000,
    "a-line-of-spaces": "pass\n" + " " * 200_000 + "1 1",
}
"""Bodies that crash, or take forever in, the parser or compiler of one version of Python or another."""


@pytest.mark.parametrize("body", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_crashes_the_parser_crashes_a_worker(quick: Exam, quick_sandbox: Sandbox, body: str) -> None:
    """One function is lost, or the file, whatever this version of Python can do; never the grader."""
    source = SOLUTION.replace(BODY_OF_MULTIPLY, body)
    assert source != SOLUTION
    report = grade(quick, script(source), quick_sandbox)
    next_report = grade(quick, script(SOLUTION), quick_sandbox)

    if report.outcome is ReportOutcome.UNREADABLE:
        assert [note.fault for note in report.notes] == ["reading-stopped"]
        assert report.score == 0
    else:
        results = questions(report)
        assert results.pop("multiply").outcome in (Outcome.FAILED, Outcome.STOPPED)
        assert {result.outcome for result in results.values()} == {Outcome.PASSED}
    assert next_report.score == FULL
    assert_can_be_shown(report)


def test_a_function_that_failed_because_of_another_one_is_asked_alone(exam: Exam, sandbox: Sandbox) -> None:
    """Whoever breaks numpy breaks it for himself: the others are given a process of their own before they lose."""
    submission = script(SUBMISSIONS / "hostile" / "patches-numpy.py")
    together = {result.name: result.outcome for result in judge(exam, sandbox.answer(submission, exam.deck))}

    report = grade(exam, submission, sandbox)

    assert together["softmax_cross_entropy"] is together["matmul"] is Outcome.FAILED
    assert questions(report)["softmax_cross_entropy"].score == 18
    assert questions(report)["matmul"].score == 14


def test_a_death_while_loading_costs_only_the_functions_that_need_the_line(exam: Exam, sandbox: Sandbox) -> None:
    """Two functions use the constant that ends the process; the others do not, and are graded."""
    report = grade(
        exam,
        solution_but(
            "FACTOR = os._exit(0)\n"
            "def multiply_backward(grad_out, a, b): return FACTOR\n"
            "def sigmoid_backward(grad_out, out): return multiply_backward(grad_out, out, 1.0 - out)"
        ),
        sandbox,
    )

    assert {name: ending(question) for name, question in questions(report).items()} == {
        "unbroadcast": "passed",
        "add": "passed",
        "multiply": "stopped load-stopped",
        "sigmoid": "stopped load-stopped",
        "matmul": "passed",
        "softmax_cross_entropy": "passed",
        "sgd_step": "passed",
        "numeric_gradient": "passed",
    }
    assert questions(report)["sigmoid"].checks[0].message == (
        "Reading what sigmoid_backward needs ended the process, so it was never called."
    )


def test_a_submission_whose_time_is_up_is_graded_all_the_same(exam: Exam) -> None:
    """The limit for everything stops what is being called; it makes no file unreadable and no question disappear."""
    names = [question.function for question in exam.assignment.questions]
    loops = script("".join(f"def {name}(*arguments):\n    while True: pass\n" for name in names))
    hurried = with_limits(exam, Limits(call=0.5, submission=0.75))

    with Sandbox(hurried.assignment) as sandbox:
        report = grade(hurried, loops, sandbox)

    assert {result.outcome for result in questions(report).values()} == {Outcome.STOPPED}
    assert report.score == 0


# ---- what a worker is --------------------------------------------------------------------------------------


@needs_private_user
def test_a_worker_of_root_is_not_root(exam: Exam, sandbox: Sandbox) -> None:
    """A user and a group that own nothing, no other groups, and no way back."""
    uid = int(what_it_says(exam, sandbox, "os.getuid()"))

    assert uid >= 61_000
    assert what_it_says(exam, sandbox, "os.setuid(0)") == "[Errno 1] Operation not permitted"
    assert (
        what_it_says(exam, sandbox, "[os.getresuid(), os.getresgid(), os.getgroups()]")
        == f"[{(uid,) * 3}, {(uid,) * 3}, []]"
    )
    with Sandbox(exam.assignment, Nest(without=("seccomp",))) as other:  # there, the kernel itself refuses
        assert what_it_says(exam, other, "os.setuid(0)") == "[Errno 1] Operation not permitted"


@needs_private_user
def test_two_sandboxes_are_two_users(exam: Exam, sandbox: Sandbox) -> None:
    """What runs side by side cannot send each other signals."""
    with Sandbox(exam.assignment) as other:
        assert what_it_says(exam, sandbox, "os.getuid()") != what_it_says(exam, other, "os.getuid()")


@needs_private_user
@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs util-linux")
def test_graders_that_cannot_see_each_other_are_two_users() -> None:
    """A reservation is seen in one network namespace, a container's, say; the user is the same outside of it."""
    program = "from autograder.sandbox.users import PrivateUid; one = PrivateUid(); print(one.uid, flush=True); input()"
    apart = ["unshare", "--net", "--pid", "--fork", "--kill-child", sys.executable, "-c", program]

    with contextlib.ExitStack() as all_at_once:
        start = partial(subprocess.Popen, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        graders = [all_at_once.enter_context(start(apart, cwd=ROOT)) for _ in range(4)]
        numbers = {grader.stdout.readline() for grader in graders}

    assert len(numbers) == 4
    assert all(61_000 <= int(number) < 62_000 for number in numbers)


def test_a_worker_knows_nothing_of_the_grader(exam: Exam, monkeypatch: pytest.MonkeyPatch) -> None:
    """No environment, no arguments, no standard input, an empty folder, and no descriptor but the channel."""
    monkeypatch.setenv("GRADER_SECRET", "42")
    with Sandbox(exam.assignment) as sandbox:
        assert what_it_says(exam, sandbox, "(dict(os.environ), sys.argv, sys.stdin.read())") == "({}, [''], '')"
        assert what_it_says(exam, sandbox, "os.listdir('.')") == "[Errno 2] No such file or directory: '.'"
        for secret in ("environ", "cmdline", "maps", "fd"):
            said = what_it_says(exam, sandbox, f"open('/proc/self/{secret}').read()")
            assert said == f"[Errno 2] No such file or directory: '/proc/self/{secret}'"
        assert what_it_says(exam, sandbox, "[number for number in range(64) if is_open(number)]") == "[0, 1, 2, 3]"


def test_two_workers_hash_alike(exam: Exam, sandbox: Sandbox) -> None:
    """A function that walks over a set does the same in every run."""
    assert what_it_says(exam, sandbox, "hash('spam')") == what_it_says(exam, sandbox, "hash('spam')")


@pytest.mark.parametrize("module", ["wave", "numpy.f2py", "autograder.grading", "pytest", "torch"])
def test_what_is_not_loaded_cannot_be_imported(exam: Exam, sandbox: Sandbox, module: str) -> None:
    """A module is there or it is not, on every machine: never a matter of who may read which folder."""
    report = grade(exam, solution_but(f"def multiply_backward(*_):\n    import {module}"), sandbox)

    facts = questions(report)["multiply"].checks[0].facts
    assert facts["exception"] == "ModuleNotFoundError"
    assert facts["text"] == f"No module named '{module}'"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1251", "cp1252", "mac-roman", "utf-16-le"])
def test_a_script_in_another_encoding_is_read(exam: Exam, sandbox: Sandbox, encoding: str) -> None:
    """The usual ones are loaded before the doors close; UTF-16 is no encoding of Python source."""
    source = f"# coding: {encoding}\n{SOLUTION}\n# \N{PLUS-MINUS SIGN}\n".encode(encoding, "replace")

    report = grade(exam, Submission("hw.py", "script", source), sandbox)

    if encoding == "utf-16-le":
        assert [note.fault for note in report.notes] == ["null-bytes"]
    else:
        assert report.score == FULL


# ---- what is left ------------------------------------------------------------------------------------------


def test_no_worker_outlives_the_sandbox(exam: Exam) -> None:
    """The zygote is there while the sandbox is open, nobody afterwards."""
    before = children(os.getpid())
    with Sandbox(exam.assignment) as sandbox:
        grade(exam, script(SUBMISSIONS / "hostile" / "ends-the-process.py"), sandbox)
        assert len(children(os.getpid())) == len(before) + 1

    assert children(os.getpid()) == before


STARTS_A_CHILD = """
children, right_multiply = [], multiply_backward
def multiply_backward(grad_out, a, b):
    if not children:
        children.append(os.fork())
        if children == [0]:
            os.setsid()
            time.sleep(3e9)
    return right_multiply(grad_out, a, b)
"""


@pytest.mark.parametrize("without", [("seccomp", "limits"), ("seccomp", "limits", "user")], ids="+".join)
def test_what_a_worker_has_started_dies_with_it(exam: Exam, without: tuple[str, ...]) -> None:
    """Where the walls are too low to keep it from starting a process, one that hides in a session of its own is found:
    whatever loses its parent becomes a child of the zygote; and also where root has not become another user."""
    with Sandbox(exam.assignment, Nest(without=without)) as sandbox:
        results = questions(grade(exam, solution_but(STARTS_A_CHILD), sandbox))
        assert ending(results["multiply"]) == "passed"  # it could start its child
        assert [children(zygote) for zygote in children(os.getpid()) if children(zygote)] == []


def test_workers_die_with_a_grader_that_is_killed(tmp_path: Path) -> None:
    """Nobody is left to kill them, not even one that is stopped in the middle of a call; so the kernel does."""
    program = f"""
from dataclasses import replace
from autograder.exams import prepare
from autograder.records import Limits, Submission
from autograder.sandbox.client import Sandbox
from autograder.sandbox.nest import Nest

exam = prepare({str(ROOT / "assignments" / "backprop")!r})
limits = Limits(call=60.0, function=60.0)
with Sandbox(replace(exam.assignment, limits=limits), Nest(without=("seccomp",))) as sandbox:
    stops = b"import os, signal\\ndef add_backward(*_): os.kill(os.getpid(), signal.SIGSTOP)"
    sandbox.answer(Submission("hw.py", "script", stops), exam.deck)
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}  # it cannot clean up any more
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=environment) as grader:
        workers: list[int] = []
        while "T" not in {state_of(pid) for pid in workers} and grader.poll() is None:
            zygotes = children(grader.pid)
            workers = [*zygotes, *(worker for zygote in zygotes for worker in children(zygote))]
        grader.kill()
        assert grader.wait() == -signal.SIGKILL

    assert len(workers) == 2
    assert all(is_dead(pid) for pid in workers)


def test_descriptors_do_not_leak(exam: Exam) -> None:
    """After twenty submissions the grader has as many files open as after one."""

    def count() -> int:
        return len(os.listdir("/proc/self/fd"))

    hostile = [script(SUBMISSIONS / "hostile" / f"{name}.py") for name in ("ends-the-process", "closes-the-channel")]
    with Sandbox(exam.assignment) as sandbox:
        grade(exam, script(SOLUTION), sandbox)
        gc.collect()  # decks and sandboxes of other tests close theirs only then
        before = count()
        for submission in [*hostile, *[script(SOLUTION)] * 18]:
            grade(exam, submission, sandbox)
        assert count() == before


# ---- when no worker can be had -----------------------------------------------------------------------------


def test_an_interpreter_that_does_not_start_is_no_fault_of_a_student(
    exam: Exam, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three tries, then a sentence that says what to try in a terminal."""
    false = str(shutil.which("false"))
    monkeypatch.setattr(sys, "executable", false)
    with Sandbox(exam.assignment) as sandbox, pytest.raises(SandboxError) as caught:
        grade(exam, script(SOLUTION), sandbox)

    assert str(caught.value) == (
        f"No worker could be started, in 3 tries. `{false} -c 'import numpy'` should work in a terminal; "
        "if it does, the machine may be out of memory or processes."
    )


def test_an_interpreter_that_is_not_there_is_named(exam: Exam, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told when the sandbox is opened, and nothing stays open."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(SandboxError) as caught, Sandbox(exam.assignment):
        pass

    assert str(caught.value) == ("No worker could be started: [Errno 2] No such file or directory: '/nowhere/python'.")


def test_a_sandbox_recovers_when_workers_can_be_had_again(exam: Exam, monkeypatch: pytest.MonkeyPatch) -> None:
    """The zygote is killed, and for a while there is no other one: that submission is not graded, the next one is."""
    with Sandbox(exam.assignment) as sandbox:
        with monkeypatch.context() as broken:
            broken.setattr(sys, "executable", "/nowhere/python")
            assert grade(exam, script(SOLUTION), sandbox).score == FULL
            for zygote in children(os.getpid()):
                os.kill(zygote, signal.SIGKILL)
            with pytest.raises(SandboxError):
                grade(exam, script(SOLUTION), sandbox)
        assert grade(exam, script(SOLUTION), sandbox).score == FULL


@needs_private_user
def test_a_root_that_may_not_become_another_user_says_so() -> None:
    """As in a container without capabilities: told once by the grader, not as a zero to each student."""
    program = f"""
import ctypes, os, sys
from autograder.exams import prepare
from autograder.sandbox.client import Sandbox

PR_CAPBSET_DROP, CAP_SETGID, CAP_SETUID = 24, 6, 7
if len(sys.argv) == 1:
    for capability in (CAP_SETGID, CAP_SETUID):
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.execv(sys.executable, [sys.executable, "-c", sys.orig_argv[2], "without"])
Sandbox(prepare({str(ROOT / "assignments" / "backprop")!r}).assignment)
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)

    assert result.stderr.splitlines()[-1] == (
        "autograder.errors.SandboxError: This process is root, but may not become another user "
        "(Operation not permitted). Run the grader as an ordinary user, or give the container the "
        "capabilities SETUID and SETGID."
    )


def test_a_forward_file_that_cannot_run_in_a_worker_is_nobodys_zero(exam: Exam) -> None:
    """Whoever is asked to differentiate needs the instructor's functions; that these break is no student's fault."""
    modules = {"forward": b"import scipy_of_the_future"}
    broken = replace(exam, assignment=replace(exam.assignment, modules=modules))

    with Sandbox(broken.assignment) as sandbox, pytest.raises(SandboxError) as raised:
        grade(broken, script(SOLUTION), sandbox)

    assert str(raised.value) == (
        "forward.py of backprop cannot run in a worker: ModuleNotFoundError: No module named 'scipy_of_the_future'."
    )
