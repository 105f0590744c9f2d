"""The assignment graded: what is complete passes without a word, and each thing that is missing is told in words.

The sample is an operation of an instructor's own, tanh, that nothing in the library knows.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.exams import SEED, make_exam
from autograder.load.assignment import load_assignment
from autograder.records import Gap, Tally, Verification
from autograder.render.proof import render_verification
from autograder.sandbox.client import Sandbox
from autograder.verification.formulas import formulas_of
from autograder.verification.rehearsal import rehearse
from autograder.verification.verify import verify

pytestmark = pytest.mark.once

TOML = """
title = "Hyperbolic tangent"
points = 10

[[question]]
name = "tanh"
function = "tanh_backward"
forward = "tanh"
receives = ["grad_out", "out"]
points = { runs = 1, values = 4, shapes = 2, hard = 2, pure = 1 }
operands.x = { shape = ["N", "D"] }
"""
FORWARD = """
import numpy as np


def tanh(x):
    return np.tanh(x)
"""
SOLUTION = """
import numpy as np


def tanh_backward(grad_out, out):
    return grad_out * (1 - out**2)
"""
HANDOUT = '''
# %%
def tanh_backward(grad_out, out):
    """The gradient of x."""
    raise NotImplementedError
'''
SIGN = """# The gradient points the other way.
# loses: values shapes hard


def tanh_backward(grad_out, out):
    return -grad_out * (1 - out**2)
"""
FILES = {
    "assignments/tanh/assignment.toml": TOML,
    "assignments/tanh/forward.py": FORWARD,
    "assignments/tanh/tanh.py": HANDOUT,
    "solutions/tanh/solution.py": SOLUTION,
    "solutions/tanh/wrong/tanh/sign.py": SIGN,
    "solutions/tanh/wrong/tanh/not-squared.py": SIGN.replace("-grad_out", "grad_out").replace("out**2", "out"),
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def verified(course: Path) -> Verification:
    assignment = load_assignment(str(course / "assignments" / "tanh"))
    with Sandbox(assignment) as sandbox:
        return verify(assignment, SEED, sandbox)


def test_an_operation_of_ones_own_is_verified_with_no_extra_work(course: Path) -> None:
    """A forward function, a few lines of TOML, a solution, and some wrong examples: that is all."""
    done = verified(course)

    assert done.all_gaps == ()
    (proof,) = done.questions
    assert (proof.solution, proof.stub, proof.wrong, proof.named) == (10, 0, Tally(2, 2), Tally(1, 1))
    assert proof.rows.good == proof.rows.of >= 8
    assert proof.mutants.good == proof.mutants.of >= 8


def test_the_screen_of_a_verified_assignment(course: Path) -> None:
    """One line a question, and the score of the mutants."""
    screen = render_verification(verified(course), width=80)

    first, second, *_ = screen.splitlines()
    assert first == "question  solution  stub  wrong  named  known  mutants"
    assert second.split()[:5] == ["tanh", "10/10", "0", "2/2", "1/1"]
    assert "Mutation score 100 %: " in screen
    assert all(len(line) <= 80 for line in screen.splitlines())


@pytest.mark.parametrize("width", [40, 60, 100])
def test_the_screen_fits(course: Path, width: int) -> None:
    """A terminal beside an editor is narrow; nothing is cut off there."""
    done = verified(course)
    gap = Gap("A " + "long " * 30 + "sentence.", "And a hint.", removed="a = b", added="a = c")
    screen = render_verification(Verification("tanh", "1.0", 1, done.questions, (gap,)), width)

    assert max(map(len, screen.splitlines())) <= width
    assert "    - a = b\n    + a = c\n" in screen


# ---- what can be missing -----------------------------------------------------------------------------------


def change(file: str, old: str, new: str) -> Callable[[Path], None]:
    def apply(course: Path) -> None:
        text = (course / file).read_text(encoding="utf-8")
        assert old in text
        (course / file).write_text(text.replace(old, new), encoding="utf-8")

    return apply


def write(file: str, text: str) -> Callable[[Path], None]:
    def apply(course: Path) -> None:
        (course / file).parent.mkdir(parents=True, exist_ok=True)
        (course / file).write_text(text, encoding="utf-8")

    return apply


WRONG = "solutions/tanh/wrong/tanh"
ONE_CASE = 'points = { runs = 1, values = 9 }\noperands.x = { shape = ["N", "D"] }\n'
GAPS = {
    "a solution that is not right": (
        change("solutions/tanh/solution.py", "out**2", "out"),
        "solution.py earns 2 of 10. For x (4, 5): grad_x[0, 0] is 3.05712, expected "
        "0.0172312. 20 of 20 numbers differ.",
        "Correct the function, or the points and cases of this question.",
    ),
    "a solution that is no Python": (
        change("solutions/tanh/solution.py", "return", "retrun"),
        "solution.py earns 0 of 10. tanh_backward could not be read. Line 6, “retrun grad_out * (1 - out**2)”: "
        "invalid syntax.",
        "Correct the function, or the points and cases of this question.",
    ),
    "a handout that is not empty": (
        change("assignments/tanh/tanh.py", "raise NotImplementedError", "return grad_out"),
        "tanh.py counts as failed with 2 of 10 as it is handed out, not as not started.",
        "Let its function hold nothing but a docstring and `raise NotImplementedError`.",
    ),
    "a wrong example that is right": (
        write(f"{WRONG}/nothing.py", "# Nothing.\n# loses: values\n" + SOLUTION),
        "wrong/tanh/nothing.py still earns 10 of 10.",
        "Add a case that shows the mistake to the cases of tanh.",
    ),
    "a promise that is not kept": (
        change(f"{WRONG}/sign.py", "loses: values", "loses: pure values"),
        "wrong/tanh/sign.py promises to lose pure, but loses values shapes hard only.",
        "Add a case to that family, or correct the line `# loses:`.",
    ),
    "a mistake under another name": (
        write(f"{WRONG}/no-upstream.py", SIGN),
        "wrong/tanh/no-upstream.py is called sign, not no-upstream.",
        "Name the file after the mistake that it shows.",
    ),
    "a mistake without a name": (
        write(f"{WRONG}/doubled.py", SIGN.replace("-grad_out", "1.37 * grad_out")),
        "wrong/tanh/doubled.py gets no name, not doubled.",
        "Name the file after the mistake that it shows.",
    ),
    "a wrong example that cannot be run": (
        write(f"{WRONG}/broken.py", SIGN.replace("return", "return return")),
        "wrong/tanh/broken.py could not be run: SyntaxError: invalid syntax (<source>, line 6).",
        "Each file defines one wrong function, and all that it needs.",
    ),
    "a wrong example without its function": (
        write(f"{WRONG}/other.py", SIGN.replace("tanh_backward", "tanh_backwards")),
        "wrong/tanh/other.py could not be run: it does not define tanh_backward.",
        "Each file defines one wrong function, and all that it needs.",
    ),
    "a wrong example that never ends": (
        write(f"{WRONG}/loop.py", "while True:\n    pass\n"),
        "wrong/tanh/loop.py could not be run: it takes too long, or ends the process.",
        "Each file defines one wrong function, and all that it needs.",
    ),
    "a folder of no question": (
        write("solutions/tanh/wrong/tnah/sign.py", SIGN),
        "wrong/tnah/ belongs to no question.",
        'Did you mean "tanh"?',
    ),
    "a handout that says how": (
        change("assignments/tanh/tanh.py", '"""The gradient of x."""', "# grad_out*(1-out ** 2)"),
        "tanh.py holds `grad_out * (1 - out ** 2)` of the solution (solution.py, line 6).",
        "Take it out of what students receive.",
    ),
    "a notebook that says how": (
        write("assignments/tanh/tanh.ipynb", '{"cells": [{"source": ["# grad_out * (1 - out ", "**2)"]}]}'),
        "tanh.ipynb holds `grad_out * (1 - out ** 2)` of the solution (solution.py, line 6).",
        "Take it out of what students receive.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("apply", "message", "hint"), GAPS.values(), ids=GAPS)
def test_what_is_missing_is_told(course: Path, apply: Callable[[Path], None], message: str, hint: str) -> None:
    """What is not as it should be, where, and what to try; nothing else comes along."""
    apply(course)

    (gap,) = verified(course).all_gaps

    assert (gap.message, gap.hint) == (message, hint)


def test_a_mutant_that_survives_is_shown_as_a_difference(course: Path) -> None:
    """With square cases only, a transposed answer of the right shape would pass; here, a batch of one would."""
    change("assignments/tanh/assignment.toml", TOML[TOML.index("points = {") :], ONE_CASE)(course)
    write("assignments/tanh/assignment.toml", (course / "assignments/tanh/assignment.toml").read_text() + (
        "[question.cases]\nruns = [{ N = 1, D = 3 }]\nvalues = [{ N = 1, D = 3 }]\n"
    ))(course)  # fmt: skip
    change("solutions/tanh/solution.py", "return grad_out * (1 - out**2)", (
        "slope = np.ones((len(out), 1)) - out**2\n    return grad_out * slope"
    ))(course)  # fmt: skip
    for file in (course / WRONG).iterdir():
        file.unlink()

    gaps = [gap for gap in verified(course).all_gaps if gap.removed]

    assert gaps
    assert {gap.removed for gap in gaps} <= {"slope = np.ones((len(out), 1)) - out**2", "return grad_out * slope"}
    assert all(gap.message.startswith("A mutant of the solution passes all checks (solution.py, line ") for gap in gaps)
    assert all(gap.hint.startswith("It is wrong, for example, for x (") for gap in gaps)


def test_a_known_mistake_that_no_case_shows_is_told(course: Path) -> None:
    """A batch of one hides the mean over the rows; random trials know that it could show."""
    change("assignments/tanh/assignment.toml", TOML[TOML.index("points = {") :], ONE_CASE + (
        "[question.cases]\nruns = [{ N = 1, D = 3 }]\nvalues = [{ N = 1, D = 3 }]\n"
    ))(course)  # fmt: skip
    change(f"{WRONG}/sign.py", " shapes hard", "")(course)
    change(f"{WRONG}/not-squared.py", " shapes hard", "")(course)

    gaps = {gap.message: gap.hint for gap in verified(course).all_gaps}

    hint = gaps["The known mistake mean-for-sum shows in no case of tanh."]
    assert hint.startswith("It would, for example, for x (")
    assert hint.endswith("): add such a case.")


def test_a_known_mistake_that_costs_nothing_is_told(course: Path) -> None:
    """It shows where only the shape counts: the family with the numbers has no points."""
    only_runs = 'points = { runs = 10 }\noperands.x = { shape = ["N", "D"] }\n'
    change("assignments/tanh/assignment.toml", TOML[TOML.index("points = {") :], only_runs)(course)
    for file in (course / WRONG).iterdir():
        file.unlink()

    gaps = {gap.message: gap.hint for gap in verified(course).all_gaps}

    assert gaps["The known mistake sign shows for x (3, 4), and loses no points."] == (
        "Give points to the family of that case, or add it to a family of tanh that has some."
    )


def test_without_a_solution_there_is_nothing_to_verify(course: Path) -> None:
    """Where it belongs is part of the message."""
    (course / "solutions/tanh/solution.py").unlink()

    with pytest.raises(UsageError) as error:
        verified(course)

    assert str(error.value) == (
        f"{course}/solutions/tanh/solution.py: no such file. An assignment is verified by its solution: put one "
        "function for each question into it, and wrong ones into wrong/QUESTION/MISTAKE.py beside it."
    )


# ---- formulas ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("return grad_out * (1.0 - out)", ["grad_out * (1.0 - out)"]),
        ("return grad @ b.T, a.T @ grad", ["grad @ b.T", "a.T @ grad"]),
        ("x = np.zeros_like(grad_out)", []),
        ("grad /= len(grad) * 2", ["len(grad) * 2"]),
        ("return -out", []),
        ("'''out * (1 - out)'''", []),
    ],
)
def test_formulas_of_a_solution(body: str, texts: list[str]) -> None:
    """What computes something from two things is a formula; a call of a library on one array is not."""
    assert [formula.text for formula in formulas_of(f"def f(grad_out, out):\n    {body}\n")] == texts


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("so it is `grad_out*(1-out)`", True),
        ("grad_out * (1.0 -\n   out)", True),
        ("grad_out * (1.5 - out)", False),
        ("grad_out times one minus out", False),
    ],
)
def test_a_formula_is_found_however_it_is_spaced(text: str, is_there: bool) -> None:
    """1.0 and 1 are the same number; 1.5 is another."""
    (formula,) = formulas_of("def f(grad_out, out):\n    return grad_out * (1.0 - out)\n")

    assert formula.is_in(text) is is_there


# ---- rehearsals --------------------------------------------------------------------------------------------


def test_a_rehearsal_ends_where_a_call_never_does(course: Path) -> None:
    """The case that hangs has stopped, and the rest is not called."""
    assignment = load_assignment(str(course / "assignments" / "tanh"))
    deck = make_exam(assignment, SEED).deck
    loop = "def tanh_backward(grad_out, out):\n    while out.shape[0] == 7: pass\n    return grad_out\n"

    answers = rehearse(loop, assignment, deck)

    stopped = [case.stopped for case in answers.cases if case is not None]
    first = stopped.index("time")
    assert set(stopped[:first]) == {""}
    assert set(stopped[first + 1 :]) == {"not-called"}


def test_what_a_rehearsal_breaks_or_prints_stays_there(course: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each source has a process of its own."""
    assignment = load_assignment(str(course / "assignments" / "tanh"))
    deck = make_exam(assignment, SEED).deck

    answers = rehearse("import numpy as np\nprint('here')\nnp.sum = None\nimport os\nos._exit(3)\n", assignment, deck)

    assert answers.written["tanh_backward"].state == "undefined"
    assert rehearse(SOLUTION, assignment, deck).written["tanh_backward"].state == "written"
    assert capfd.readouterr() == ("", "")


def test_a_rehearsed_source_may_import_the_forward_functions(course: Path) -> None:
    """As a student's may."""
    assignment = load_assignment(str(course / "assignments" / "tanh"))
    deck = make_exam(assignment, SEED).deck

    answers = rehearse("from forward import tanh\ndef tanh_backward(grad_out, out): return tanh(out)", assignment, deck)

    assert answers.written["tanh_backward"].state == "written"


# ---- the command -------------------------------------------------------------------------------------------

GRADER = [sys.executable, "-c", "from grader_cli.main import main; main()"]


def test_verify_exits_0_when_nothing_is_missing(course: Path) -> None:
    """Both folders name the assignment; the next command is the last line."""
    done = subprocess.run(
        [*GRADER, "verify", "solutions/tanh"], capture_output=True, text=True, cwd=course, check=False
    )

    assert done.returncode == 0
    assert done.stdout.startswith("Assignment  tanh 1.0 · seed 2026\n\nquestion  solution  stub")
    assert done.stdout.endswith("\nEverything is caught. Next   grader grade FOLDER -a solutions/tanh\n")
    assert done.stderr == "Verifying  1 of 1\n"


def test_verify_exits_1_with_a_list_of_what_is_missing(course: Path) -> None:
    """So a course can let its own CI keep an assignment complete."""
    write(f"{WRONG}/nothing.py", SOLUTION)(course)

    done = subprocess.run(
        [*GRADER, "verify", "assignments/tanh"], capture_output=True, text=True, cwd=course, check=False
    )

    assert done.returncode == 1
    assert done.stdout.endswith(
        "\n✗ tanh: wrong/tanh/nothing.py still earns 10 of 10.\n"
        "  Add a case that shows the mistake to the cases of tanh.\n\n"
        "1 gap. Next   close the first one, then grader verify assignments/tanh\n"
    )


@pytest.fixture
def pressed(course: Path) -> tuple[int, str]:
    """`grader verify` on a terminal, and Ctrl-C when its work has begun: how it ends, and what stands there."""
    write(
        f"{WRONG}/loop.py", "def tanh_backward(grad_out, out):\n    open('began', 'w').close()\n    while True: pass\n"
    )(course)
    change("assignments/tanh/assignment.toml", "points = 10", "points = 10\nlimits.call = 600.0")(course)
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(course)
        os.execv(sys.executable, [*GRADER, "verify", "assignments/tanh"])
    shown = b""
    while not (course / "began").exists():
        os.sched_yield()
    os.write(terminal, b"\x03")
    try:
        while chunk := os.read(terminal, 1 << 12):
            shown += chunk
    except OSError:  # how a terminal says that nobody is there any more
        pass
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode()


def test_ctrl_c_ends_verify_at_once_with_a_word(pressed: tuple[int, str]) -> None:
    """No traceback of any of its processes, and none of them stays."""
    code, shown = pressed

    assert code == 130
    assert "Traceback" not in shown
    assert "Stopped." in shown
