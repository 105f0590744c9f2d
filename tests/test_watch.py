"""`grader check FILE --watch`: what the strip says, which saves are seen, and a whole session of saving."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.load.layouts import Found
from autograder.records import CheckResult, Note, Outcome, QuestionResult, Report, ReportOutcome
from autograder.render.feedback import load_screen_words
from autograder.render.strip import news_lines, problem_lines, strip_lines
from grader_cli.watch import LONG, View, versions, views

pytestmark = pytest.mark.once

GRADER = [sys.executable, "-c", "from grader_cli.main import main; main()"]
SECONDS = 60
"""After which a session that does not answer is ended, so that a test fails rather than hangs."""

ENGLISH = load_screen_words("en")

# ---- what the strip says -----------------------------------------------------------------------------------

SIX = {
    "add": Outcome.PASSED,
    "multiply": Outcome.PASSED,
    "sigmoid": Outcome.FAILED,
    "matmul": Outcome.STOPPED,
    "softmax_cross_entropy": Outcome.NOT_STARTED,
}


def report_of(outcomes: dict[str, Outcome], notes: Iterable[Note] = (), fault: str = "values") -> Report:
    """A report in which each question is worth ten points, with one problem for each one that is not right."""
    questions = tuple(
        QuestionResult(
            name=name,
            function=f"{name}_backward",
            outcome=outcome,
            score=10 if outcome is Outcome.PASSED else 2,
            max_score=10,
            visibility="visible",
            misconceptions=(),
            checks=(
                CheckResult("runs", Outcome.PASSED, 2, 2),
                CheckResult("values", Outcome.PASSED, 8, 8)
                if outcome is Outcome.PASSED
                else CheckResult("values", outcome, 0, 8, fault, {}, f"{name} is off.", "Look again."),
            ),
        )
        for name, outcome in outcomes.items()
    )
    score = sum(question.score for question in questions)
    return Report("hw.py", ReportOutcome.GRADED, score, 10 * len(questions), 0, (), tuple(notes), questions)


def ungraded(outcome: ReportOutcome, message: str) -> Report:
    score = 0 if outcome is ReportOutcome.UNREADABLE else None
    return Report("hw.py", outcome, score, 62, 0, (), (Note("some-fault", {}, message),), ())


UNREADABLE = ungraded(ReportOutcome.UNREADABLE, "This is no notebook.")
FAULT = ungraded(ReportOutcome.ERROR, "The grader stumbled.")


@pytest.mark.parametrize(
    ("report", "width", "text"),
    [
        (report_of(SIX), None, "✓ add  ✓ multiply  ✗ sigmoid  ◷ matmul  ○ softmax_cross_entropy   26 / 50"),
        (report_of(SIX), 73, "✓ add  ✓ multiply  ✗ sigmoid  ◷ matmul  ○ softmax_cross_entropy   26 / 50"),
        (report_of(SIX), 72, "✓ add  ✓ multiply  ✗ sigmoid  ◷ matmul  ○ softmax_cross_entropy\n26 / 50"),
        (report_of(SIX), 44, "✓ add  ✓ multiply  ✗ sigmoid  ◷ matmul\n○ softmax_cross_entropy   26 / 50"),
        (report_of(SIX), 30, "✓ add  ✓ multiply  ✗ sigmoid\n◷ matmul\n○ softmax_cross_entropy\n26 / 50"),
        (report_of(SIX), 10, "✓ add\n✓ multiply\n✗ sigmoid\n◷ matmul\n○ softmax_cross_entropy\n26 / 50"),
        (report_of({"add": Outcome.PASSED}), 40, "✓ add   10 / 10"),
        (report_of({"add": Outcome.ERROR, "matmul": Outcome.SKIPPED}), 40, "! add  – matmul   4 / 20"),
        (UNREADABLE, 40, "hw.py   could not be read   0 / 62"),
        (UNREADABLE, 30, "hw.py   could not be read   0\n/ 62"),
        (FAULT, None, "hw.py   not graded"),
    ],
    ids=["one line", "just fits", "one short", "44", "30", "narrower than a name", "one question", "rare signs",
         "unreadable", "unreadable, narrow", "a fault of ours"],
)  # fmt: skip
def test_the_strip_breaks_between_questions_only(report: Report, width: int | None, text: str) -> None:
    """A name that is cut in two cannot be found by eye or by search."""
    assert "\n".join(strip_lines(report, ENGLISH, width)) == text


IMPORT = Note("statement-raised", {}, "Line 1 raised.")
SYNTAX = Note("syntax-error", {}, "Line 9 cannot be read.")
TWICE = Note("defined-twice", {}, "add_backward is defined 2 times.")
CARD = "✗ add   Not yet   2 / 10\n    add is off.\n    Next  Look again.\n    runs 2/2 · values 0/8"
WRONG, RIGHT = {"add": Outcome.FAILED, "matmul": Outcome.FAILED}, {"add": Outcome.PASSED}


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (report_of(WRONG), CARD),
        (report_of(WRONG, [TWICE, IMPORT, SYNTAX]), f"Note  Line 1 raised.\n\n{CARD}"),
        (report_of(WRONG, [SYNTAX], fault="broken"), CARD),
        (report_of(RIGHT, [TWICE]), "Note  add_backward is defined 2 times."),
        (report_of(RIGHT), ""),
        (UNREADABLE, "Note  This is no notebook."),
        (FAULT, "Note  The grader stumbled."),
    ],
    ids=["first of two", "with what may be why", "said already", "right, with a note", "right", "unreadable", "fault"],
)
def test_one_problem_at_a_time(report: Report, text: str) -> None:
    """The first question that is not right; a note only where it may explain it, or where nothing else is left."""
    assert "\n".join(problem_lines(report, ENGLISH, 80)) == text


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        ([], []),
        (["multiply"], ["multiply is right now."]),
        (["add", "multiply"], ["add, multiply are right now."]),
        (["multiply", "softmax_cross_entropy", "sigmoid"],
         ["multiply, softmax_cross_entropy, sigmoid", "are right now."]),
    ],
    ids=["none", "one", "two", "more than a line"],
)  # fmt: skip
def test_what_turned_right_is_said(names: list[str], lines: list[str]) -> None:
    """The moment that one works for."""
    assert news_lines(names, ENGLISH, 40) == lines


def test_the_strip_in_german() -> None:
    """Beside the editor as on the card: the words are those of the language that was handed in."""
    german = load_screen_words("de")

    assert strip_lines(UNREADABLE, german) == ["hw.py   nicht lesbar   0 / 62"]
    assert news_lines(["add", "multiply"], german, 40) == ["add, multiply stimmen jetzt."]
    assert problem_lines(report_of(WRONG, [IMPORT]), german, 80) == [
        "Hinweis  Line 1 raised.",
        "",
        "✗ add   Noch nicht   2 / 10",
        "    add is off.",
        "    Weiter  Look again.",
        "    runs 2/2 · values 0/8",
    ]


# ---- which saves are seen ----------------------------------------------------------------------------------


class Over(Exception):
    """The script of a test has been played."""


Step = Callable[[Path], object]


def playing(steps: Iterable[Step], path: Path) -> Callable[[], None]:
    """A `wait` in which the next step happens to the file, instead of time passing."""
    script = iter(steps)

    def wait() -> None:
        step = next(script, None)
        if step is None:
            raise Over
        step(path)

    return wait


def nothing(path: Path) -> None:
    """A look that finds the file as it was."""


def gone(path: Path) -> None:
    path.unlink()


def touched(path: Path) -> None:
    os.utime(path, ns=(0, 1_000_000_000))


def written(text: str) -> Step:
    return lambda path: path.write_text(text)


def renamed(text: str) -> Step:
    """As many editors save. The new file has the size and the time of the old one."""

    def step(path: Path) -> None:
        before, other = path.stat(), path.with_suffix(".new")
        other.write_text(text)
        os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
        other.replace(path)

    return step


@pytest.mark.parametrize(
    ("steps", "seen"),
    [
        ([nothing] * 3, ["one"]),
        ([written("three"), nothing, nothing], ["one", "three"]),
        ([written(""), written("thr"), written("three"), nothing], ["one", "three"]),
        ([renamed("two"), nothing, nothing], ["one", "two"]),
        ([touched, nothing], ["one", "one"]),
        ([gone, written("three"), nothing], ["one", "three"]),
        ([gone, *[nothing] * (LONG - 2)], ["one"]),
        ([gone, *[nothing] * 3 * LONG], ["one", None]),
        ([gone, *[nothing] * LONG, written("one"), nothing, nothing], ["one", None, "one"]),
    ],
    ids=["nothing", "a write", "a write in three", "a rename of equal size and time", "a save of the same text",
         "away for a moment", "away for a while", "away for long", "away for long, and back"],
)  # fmt: skip
def test_a_version_is_told_once_and_when_it_has_settled(
    tmp_path: Path, steps: list[Step], seen: list[str | None]
) -> None:
    """Editors save in two writes, or by renaming another file over the old one."""
    path = tmp_path / "hw.py"
    path.write_text("one")
    told: list[str | None] = []

    with contextlib.suppress(Over):
        for version in versions(path, playing(steps, path)):
            told.append(None if version is None else path.read_text())

    assert told == seen


GRADES = {
    "stubs": report_of({"add": Outcome.NOT_STARTED, "matmul": Outcome.NOT_STARTED}),
    "add": report_of({"add": Outcome.PASSED, "matmul": Outcome.FAILED}),
    "worse": report_of({"add": Outcome.FAILED, "matmul": Outcome.FAILED}),
    "all": report_of({"add": Outcome.PASSED, "matmul": Outcome.PASSED}),
    "fault": FAULT,
}
"""What a grader says of a file, by its text; anything else is unreadable."""


def seen_of(path: Path, steps: Iterable[Step]) -> list[str]:
    """One line for each view of a session in which the steps happen: its strip, its news, its status."""
    seen: list[str] = []

    def grade() -> Report:
        return GRADES.get(path.read_text(), UNREADABLE)

    with contextlib.suppress(Over):
        for view in views(Found("hw.py", path), grade, playing(steps, path), ENGLISH):
            seen.append(in_a_line(view))
    return seen


def in_a_line(view: View) -> str:
    strip = [] if view.report is None else strip_lines(view.report, ENGLISH)
    status = re.sub(r"\d\d:\d\d:\d\d", "00:00:00", ", ".join(view.status[:-1]))
    return " | ".join([*strip, *news_lines(view.turned_right, ENGLISH, 80), status])


@pytest.mark.parametrize(
    ("texts", "seen"),
    [
        (["stubs", "add", "worse", "all"], [
            "Saved 00:00:00, checking hw.py",
            "○ add  ○ matmul   4 / 20 | Saved 00:00:00, watching hw.py",
            "○ add  ○ matmul   4 / 20 | Saved 00:00:00, checking hw.py",
            "✓ add  ✗ matmul   12 / 20 | add is right now. | Saved 00:00:00, watching hw.py",
            "✓ add  ✗ matmul   12 / 20 | add is right now. | Saved 00:00:00, checking hw.py",
            "✗ add  ✗ matmul   4 / 20 | Saved 00:00:00, watching hw.py",
            "✗ add  ✗ matmul   4 / 20 | Saved 00:00:00, checking hw.py",
            "✓ add  ✓ matmul   20 / 20 | add, matmul are right now. | Saved 00:00:00, watching hw.py",
        ]),
        (["all", "never looked at"], [
            "Saved 00:00:00, checking hw.py",
            "✓ add  ✓ matmul   20 / 20 | Saved 00:00:00, watching hw.py",
        ]),
        (["add", "fault", "all"], [
            "Saved 00:00:00, checking hw.py",
            "✓ add  ✗ matmul   12 / 20 | Saved 00:00:00, watching hw.py",
            "✓ add  ✗ matmul   12 / 20 | Saved 00:00:00, checking hw.py",
            "hw.py   not graded | Saved 00:00:00, watching hw.py",
            "hw.py   not graded | Saved 00:00:00, checking hw.py",
            "✓ add  ✓ matmul   20 / 20 | matmul is right now. | Saved 00:00:00, watching hw.py",
        ]),
        (["add", "{"], [
            "Saved 00:00:00, checking hw.py",
            "✓ add  ✗ matmul   12 / 20 | Saved 00:00:00, watching hw.py",
            "✓ add  ✗ matmul   12 / 20 | Saved 00:00:00, checking hw.py",
            "hw.py   could not be read   0 / 62 | Saved 00:00:00, watching hw.py",
        ]),
    ],
    ids=["a session", "right at the start", "a fault of ours", "an unreadable file"],
)  # fmt: skip
def test_a_session_goes_on_until_all_is_right(tmp_path: Path, texts: list[str], seen: list[str]) -> None:
    """Each save is graded; a fault of ours or an unreadable file does not end it."""
    path = tmp_path / "hw.py"
    path.write_text(texts[0])

    assert seen_of(path, [step for text in texts[1:] for step in (written(text), nothing, nothing, nothing)]) == seen


def test_a_file_that_is_unreadable_for_a_moment_only_is_not_called_so(tmp_path: Path) -> None:
    """A large notebook may rest half-written between two looks."""
    path = tmp_path / "hw.py"
    path.write_text("stubs")

    seen = seen_of(path, [written("al"), nothing, written("all"), nothing, nothing])

    assert seen[-1].startswith("✓ add  ✓ matmul   20 / 20 | add, matmul are right now.")
    assert not [line for line in seen if "could not be read" in line]


def test_a_missing_file_is_told_in_the_status_and_what_was_seen_stays(tmp_path: Path) -> None:
    """A student who moves the file learns why nothing happens."""
    path = tmp_path / "hw.py"
    path.write_text("add")

    seen = seen_of(path, [gone, *[nothing] * LONG])

    assert seen[-1] == "✓ add  ✗ matmul   12 / 20 | hw.py is not there, waiting for it"


# ---- the command -------------------------------------------------------------------------------------------

TOML = """\
title = "Two operations"
version = "1"
points = 20

[[question]]
name = "tanh"
function = "tanh_backward"
forward = "tanh"
receives = ["grad_out", "out"]
points = { runs = 1, values = 4, shapes = 2, hard = 2, pure = 1 }
operands.x = { shape = ["N", "D"] }

[[question]]
name = "square"
function = "square_backward"
forward = "square"
points = { runs = 1, values = 4, shapes = 2, hard = 2, pure = 1 }
operands.x = { shape = ["N", "D"] }
"""
FORWARD = """\
import numpy as np

def tanh(x):
    return np.tanh(x)

def square(x):
    return x * x
"""
STUBS = "def tanh_backward(grad_out, out):\n    pass\n\ndef square_backward(grad_out, x):\n    pass\n"
TANH = STUBS.replace("pass", "return grad_out * (1.0 - out**2)", 1)
BOTH = TANH.replace("pass", "return 2.0 * grad_out * x")
LOOP = STUBS.replace("pass", "while True: pass", 1)
NOTHING = STUBS.replace("pass", "return None", 1)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with an assignment of two questions, and a student's file in which nothing is written yet."""
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "assignment.toml").write_text(TOML)
    (tmp_path / "two" / "forward.py").write_text(FORWARD)
    (tmp_path / "hw.py").write_text(STUBS)
    return tmp_path


@dataclass
class Session:
    """A running `grader check hw.py --watch`, away from a terminal."""

    process: subprocess.Popen[str]

    def state(self) -> list[str]:
        """The lines of the next state: up to an empty line, or to the end."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            if line == "\n":
                break
            lines.append(line.rstrip("\n"))
        return lines


@contextlib.contextmanager
def ended_at_last(process: subprocess.Popen[str]) -> Iterator[None]:
    """Whatever happens, the process is over after a while and when the test is."""
    watchdog = threading.Timer(SECONDS, process.kill)
    watchdog.start()
    try:
        with process:
            try:
                yield
            finally:
                if sys.exc_info()[0] is not None:
                    process.kill()
    finally:
        watchdog.cancel()


@contextlib.contextmanager
def session(desk: Path, *args: str) -> Iterator[Session]:
    with subprocess.Popen(
        [*GRADER, "check", "hw.py", "-a", "two", "--watch", *args], cwd=desk, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True, env={**os.environ, "COLUMNS": "80"},
    ) as process, ended_at_last(process):  # fmt: skip
        yield Session(process)


START = [
    "○ tanh  ○ square   0 / 20",
    "○ tanh   Not started   0 / 10",
    "    tanh_backward is not written yet.",
]
THEN = [
    "✓ tanh  ○ square   10 / 20",
    "tanh is right now.",
    "○ square   Not started   0 / 10",
    "    square_backward is not written yet.",
]
END = ["✓ tanh  ✓ square   20 / 20", "square is right now.", "Everything is right. Hand it in."]


def test_each_save_prints_the_next_state_until_all_is_right(desk: Path) -> None:
    """Away from a terminal, for a log or a program that reads."""
    with session(desk) as running:
        assert running.state() == START
        (desk / "hw.py").write_text(TANH)
        assert running.state() == THEN
        (desk / "hw.py").write_text(BOTH)
        assert running.state() == END
        rest = running.process.communicate()

    assert rest == ("", "")
    assert running.process.returncode == 0


def test_a_file_that_is_replaced_by_renaming_is_the_file(desk: Path) -> None:
    """Jupyter and most editors save so."""
    with session(desk, "-q", "tanh") as running:
        assert running.state() == ["○ tanh   0 / 10", *START[1:]]
        (desk / ".hw.py.new").write_text(TANH)
        (desk / ".hw.py.new").replace(desk / "hw.py")
        assert running.state() == ["✓ tanh   10 / 10", "tanh is right now.", "Everything is right. Hand it in."]
        running.process.wait()

    assert running.process.returncode == 0


def test_a_file_that_is_moved_away_is_waited_for(desk: Path) -> None:
    """To take a file away for a while is no reason to start again."""
    with session(desk) as running:
        assert running.state() == START
        (desk / "hw.py").unlink()
        assert running.state() == ["hw.py is not there · waiting for it"]
        (desk / "hw.py").write_text(TANH)
        assert running.state() == THEN
        running.process.send_signal(signal.SIGINT)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux lists the children of a process")
@pytest.mark.parametrize("text", [STUBS, TANH], ids=["nothing written", "half of it"])
def test_ctrl_c_ends_quietly_with_1_and_leaves_no_worker_behind(desk: Path, text: str) -> None:
    """The student goes home: no traceback, no process, and a shell can tell that not all was right."""
    (desk / "hw.py").write_text(text)
    with session(desk) as running:
        running.state()
        workers = workers_of(running.process)
        running.process.send_signal(signal.SIGINT)
        rest = running.process.communicate()

    assert rest == ("", "")
    assert running.process.returncode == 1
    assert workers
    assert not [worker for worker in workers if Path("/proc", worker).exists()]


def workers_of(process: subprocess.Popen[str]) -> list[str]:
    """Children of a process, by Linux's own list."""
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()


def test_a_file_that_does_not_exist_at_the_start_is_an_error(desk: Path) -> None:
    """The same one as without --watch: a slip of the keyboard is not waited for."""
    (desk / "hw.py").unlink()
    with session(desk) as running:
        out, err = running.process.communicate()

    assert (out, err) == ("", "Error: hw.py: no such file.\n")
    assert running.process.returncode == 2


def test_a_single_check_starts_without_rich() -> None:
    """Only who watches waits for the library that draws."""
    program = "import sys, grader_cli.check; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert "rich" not in loaded


# ---- on a terminal -----------------------------------------------------------------------------------------


def on_screen(shown: bytes) -> str:
    """What stands on the screen after these bytes, by the few codes that are used; times are all midnight."""
    rows, row = [""], 0
    for code, text in re.findall(r"\x1b\[([0-9;?]*[A-Za-z])|([^\x1b]+)", shown.decode(errors="ignore")):
        if code == "1A":
            row -= 1
        elif code == "2K":
            rows[row] = ""
        for number, part in enumerate(text.replace("\r", "").split("\n") if text else []):
            row += 1 if number else 0
            rows += [""] * (row + 1 - len(rows))
            rows[row] += part
    return re.sub(r"\d\d:\d\d:\d\d", "00:00:00", "\n".join(rows).rstrip("\n"))


@dataclass
class Terminal:
    """A running `grader check hw.py --watch` in a window, and all that it wrote there."""

    process: subprocess.Popen[str]
    end: int
    shown: bytes = b""

    def read_until(self, is_there: Callable[[str], bool]) -> str:
        """The screen as soon as it is so; what it was at last, where the command ends before."""
        while not is_there(on_screen(self.shown)):
            try:
                chunk = os.read(self.end, 4096)
            except OSError:  # how Linux says that the other end is closed
                break
            if not chunk:
                break
            self.shown += chunk
        return on_screen(self.shown)


@contextlib.contextmanager
def terminal(desk: Path, rows: int, columns: int, **env: str) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    plain = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    with subprocess.Popen(
        [*GRADER, "check", "hw.py", "-a", "two", "--watch"], cwd=desk, stdin=theirs, stdout=theirs, stderr=theirs,
        text=True, start_new_session=True, env={**plain, "TERM": "xterm", **env},
    ) as process, ended_at_last(process):  # fmt: skip
        os.close(theirs)
        yield Terminal(process, ours)
    os.close(ours)


SCREENS = {
    80: "Saved 00:00:00 · watching hw.py · Ctrl-C ends",
    40: "Saved 00:00:00 · watching hw.py\nCtrl-C ends",
}


@pytest.mark.parametrize(("columns", "status"), SCREENS.items(), ids=["wide", "narrow"])
def test_on_a_terminal_the_strip_is_drawn_over_the_last_one(desk: Path, columns: int, status: str) -> None:
    """One strip stands there, however often the file was saved, and the cursor comes back."""
    with terminal(desk, 24, columns) as window:
        first = window.read_until(lambda screen: screen.endswith(f"\n{status}"))
        (desk / "hw.py").write_text(TANH)
        second = window.read_until(lambda screen: "right now" in screen and screen.endswith(f"\n{status}"))
        (desk / "hw.py").write_text(BOTH)
        last = window.read_until(lambda screen: False)
        window.process.wait()

    assert first == (
        f"○ tanh  ○ square   0 / 20\n\n○ tanh   Not started   0 / 10\n    tanh_backward is not written yet.\n\n{status}"
    )
    assert second == (
        "✓ tanh  ○ square   10 / 20\n\n"
        "tanh is right now.\n\n"
        "○ square   Not started   0 / 10\n"
        "    square_backward is not written yet.\n\n"
        f"{status}"
    )
    assert last == "✓ tanh  ✓ square   20 / 20\n\nsquare is right now.\n\nEverything is right. Hand it in."
    assert "\x1b[32m✓ tanh\x1b[0m" in window.shown.decode()
    assert window.shown.endswith(b"\x1b[?25h")
    assert window.process.returncode == 0


def test_without_colour_nothing_but_the_cursor_is_moved(desk: Path) -> None:
    """NO_COLOR is for those whom colour, bold and dim disturb. Ctrl-C takes the status line away."""
    with terminal(desk, 24, 80, NO_COLOR="1") as window:
        window.read_until(lambda screen: "watching" in screen)
        window.process.send_signal(signal.SIGINT)
        last = window.read_until(lambda screen: False)
        window.process.wait()

    codes = set(re.findall(r"\x1b\[[0-9;?]*[A-Za-z]", window.shown.decode()))
    assert codes == {"\x1b[1A", "\x1b[2K", "\x1b[?25l", "\x1b[?25h"}
    assert last == ("○ tanh  ○ square   0 / 20\n\n○ tanh   Not started   0 / 10\n    tanh_backward is not written yet.")
    assert window.process.returncode == 1


@pytest.mark.skipif(sys.platform != "linux", reason="Linux lists the children of a process")
def test_ctrl_c_while_a_loop_is_being_checked_ends_just_as_quietly(desk: Path) -> None:
    """The worker in which the student's loop runs goes, too, and the cursor comes back."""
    (desk / "two" / "assignment.toml").write_text(f"{TOML}\n[limits]\ncall = 0.5\n")
    (desk / "hw.py").write_text(LOOP)
    with terminal(desk, 24, 80) as window:
        window.read_until(lambda screen: screen == "Saved 00:00:00 · checking hw.py · Ctrl-C ends")
        workers = workers_of(window.process)
        window.process.send_signal(signal.SIGINT)
        last = window.read_until(lambda screen: False)
        window.process.wait()

    assert last == ""
    assert window.shown.endswith(b"\x1b[?25h")
    assert window.process.returncode == 1
    assert workers
    assert not [worker for worker in workers if Path("/proc", worker).exists()]


def test_a_low_window_keeps_the_strip_and_the_status(desk: Path) -> None:
    """What is cut short is the problem; a plain check shows all of it."""
    (desk / "hw.py").write_text(NOTHING)
    with terminal(desk, 7, 80) as window:
        screen = window.read_until(lambda screen: screen.endswith("watching hw.py · Ctrl-C ends"))
        window.process.send_signal(signal.SIGINT)

    assert screen == (
        "✗ tanh  ○ square   0 / 20\n\n"
        "✗ tanh   Not yet   0 / 10\n"
        "    tanh_backward computes something and hands back nothing. What is only\n"
        "…\n\n"
        "Saved 00:00:00 · watching hw.py · Ctrl-C ends"
    )


def test_a_terminal_that_cannot_be_drawn_on_gets_lines(desk: Path) -> None:
    """Some editors run commands in a terminal that knows no codes."""
    (desk / "hw.py").write_text(BOTH)
    with terminal(desk, 24, 80, TERM="dumb") as window:
        screen = window.read_until(lambda screen: False)

    assert screen == "✓ tanh  ✓ square   20 / 20\nEverything is right. Hand it in."
    assert b"\x1b" not in window.shown
