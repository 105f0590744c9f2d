"""Which walls stand is tried, told, and can be asked for."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from test_sandbox import FULL, SOLUTION, script

from autograder.batch import open_sandboxes, probe_walls
from autograder.errors import SandboxError
from autograder.exams import SEED, Exam
from autograder.grading import grade
from autograder.render.walls import Walls, render_walls
from autograder.sandbox.client import Sandbox
from autograder.sandbox.isolation import PROMISES, conclude
from autograder.sandbox.layers import LAYERS
from autograder.sandbox.nest import Nest
from autograder.sandbox.probe import LAST, WALLS
from conftest import ROOT, exam_of_functions

linux = pytest.mark.skipif(sys.platform != "linux", reason="the walls of a worker are Linux's")


@pytest.fixture(scope="module")
def exam() -> Exam:
    return exam_of_functions(SEED)


# ---- from what a probe says to what is told ----------------------------------------------------------------


REFUSED = dict.fromkeys(WALLS, "")


def test_all_that_is_refused_is_a_wall() -> None:
    """Every attempt of a promise."""
    assert conclude({}, REFUSED, was_killed=False).walls == dict.fromkeys(PROMISES, "active")


def test_one_thing_that_is_possible_makes_a_wall_weak() -> None:
    """And it is named."""
    isolation = conclude({}, {**REFUSED, "open a local socket": "possible"}, was_killed=False)

    assert isolation.walls == {"files": "active", "net": "weak", "proc": "active", "mem": "active"}
    assert isolation.possible["net"] == ("open a local socket",)


def test_a_probe_that_says_nothing_has_shown_nothing() -> None:
    """Fail closed: no answer is no wall."""
    assert conclude({}, {}, was_killed=False).walls == dict.fromkeys(PROMISES, "absent")
    assert conclude({}, {}, was_killed=True).walls == {**dict.fromkeys(PROMISES, "absent"), "proc": "weak"}


def test_to_be_killed_for_an_attempt_is_to_be_refused() -> None:
    """The filter does not answer whoever reads another process, and the last attempt is that one."""
    said = {name: "" for name in WALLS if name != LAST}

    assert conclude({}, said, was_killed=True).walls["proc"] == "active"
    assert conclude({}, said, was_killed=False).walls["proc"] == "weak"


WEAK = Walls(
    {"files": "active", "net": "absent", "proc": "weak", "mem": "active"},
    {
        "files": (),
        "net": ("open an internet socket", "open a datagram socket"),
        "proc": ("signal the grader",),
        "mem": (),
    },
    {**dict.fromkeys(LAYERS, ""), "seccomp": "no filter for this system", "landlock": "this kernel has no Landlock"},
)


def test_the_screen_says_what_stands_and_what_gets_through() -> None:
    """What is possible is named, and each layer that is missing has its reason."""
    assert render_walls(WEAK) == (
        "✓ files  active  a submission reads, writes and finds no file\n"
        "✗ net    absent  a submission talks to nobody\n"
        "                 but it can open an internet socket, open a datagram socket\n"
        "◐ proc   weak    a submission starts, signals and reads no process\n"
        "                 but it can signal the grader\n"
        "✓ mem    active  a submission takes no more memory than it may\n"
        "\n"
        "Layers     session, descriptors, environment, limits, folder, user, privileges,\n"
        "           memory, parent\n"
        "Without    landlock: this kernel has no Landlock\n"
        "Without    seccomp: no filter for this system\n"
    )


def test_the_screen_fits_forty_columns() -> None:
    """Beside a notebook, on a small laptop."""
    assert max(map(len, render_walls(WEAK, width=40).splitlines())) <= 40


# ---- on this machine ---------------------------------------------------------------------------------------


@linux
def test_a_layer_that_is_left_out_is_told(exam: Exam) -> None:
    """By its name; and the wall that it was is not claimed."""
    with Sandbox(exam.assignment, Nest(without=("seccomp", "landlock"))) as sandbox:
        isolation = sandbox.probe()

    assert {name: isolation.layers[name] for name in ("seccomp", "landlock")} == {
        "seccomp": "left out",
        "landlock": "left out",
    }
    assert isolation.walls["net"] == "absent"


@linux
def test_a_wall_that_does_not_stand_can_be_refused(exam: Exam) -> None:
    """Nothing is graded, and the sentence says why."""
    with (
        open_sandboxes(exam.assignment, nest=Nest(without=("seccomp",))) as sandboxes,
        pytest.raises(SandboxError) as raised,
    ):
        probe_walls(sandboxes, ("mem", "net"))

    assert str(raised.value) == (
        "The wall `net` is absent on this machine, and --require asks for it: a submission can open an internet "
        "socket, open a datagram socket, open a local socket, share memory with other processes. `grader doctor` shows "
        "the missing layers."
    )


@linux
def test_a_worker_without_the_layers_of_the_first_one_does_not_look_at_a_submission(exam: Exam) -> None:
    """Fail closed: what was shown once has to hold for every student."""
    with Sandbox(exam.assignment, Nest(without=("landlock",))) as sandbox:
        sandbox.probe()
        assert grade(exam, script(SOLUTION), sandbox).score == FULL
        sandbox.required = (*sandbox.required, "landlock")
        with pytest.raises(SandboxError) as raised:
            grade(exam, script(SOLUTION), sandbox)

    assert str(raised.value) == "A worker could not be sealed as the first one was: landlock (left out)."


def grader(*words: str) -> subprocess.CompletedProcess[str]:
    program = "from grader_cli.main import main; main()"
    environment = {**os.environ, "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, cwd=ROOT, env=environment
    )


@linux
def test_doctor_shows_what_this_machine_gives() -> None:
    """Four walls, the layers, and the next command."""
    done = grader("doctor")

    assert done.returncode == 0, done.stderr
    assert [line.split()[1] for line in done.stdout.splitlines() if line[:1] in "✓◐✗" and line] == list(PROMISES)
    assert "\nWorkers    forked from one interpreter\n" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Next   ")


def test_a_wall_that_nobody_knows_is_wrong_usage() -> None:
    """Told with those that there are."""
    done = grader("grade", "solutions/backprop/solution.py", "--require", "files,moat")

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "Error: Invalid value for '--require': there is no wall moat. They are files, net, proc, mem."
    )
