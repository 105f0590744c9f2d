"""A zygote that is forked from the grader is one like all others: a student's code finds the same in it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import sys
{start}
nest.start()

from autograder.exams import make_exam
from autograder.grading import grade
from autograder.load.assignment import load_assignment
from autograder.records import Submission
from autograder.sandbox.client import Sandbox

exam = make_exam(load_assignment("backprop"))
source = '''
import sys, gc, os
import numpy as np

def say(what):
    raise ValueError(what)

def sgd_step(params, grads, lr):
    ours = sorted(name for name in sys.modules if name.startswith("autograder."))
    say(" ".join(ours).replace("autograder.", "").replace("sandbox.", "s."))

def sigmoid_backward(grad_out, out):
    say(str((sorted(os.environ), sys.argv, hash("a"), sys.flags.hash_randomization)))

def numeric_gradient(f, x):
    import autograder.checks.reference
'''
with Sandbox(exam.assignment, nest) as sandbox:
    report = grade(exam, Submission("hw.py", "script", source.encode()), sandbox)
for question in report.questions:
    if question.function in ("sgd_step", "sigmoid_backward", "numeric_gradient"):
        print(question.checks[0].facts["exception"], question.checks[0].facts["text"])
"""

FORKED = """
from autograder.sandbox.offshoot import fork_zygote
first = fork_zygote()
from autograder.sandbox.nest import Nest
nest = Nest(first=first)
"""

STARTED = """
from autograder.sandbox.nest import Nest
nest = Nest()
"""


def said_by(start: str) -> str:
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "PYTHONPATH": sys.path[0]}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(start=start)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.skipif(sys.platform != "linux", reason="forks where that is safe")
def test_a_forked_zygote_has_what_a_started_one_has() -> None:
    """No module of the checks, no variable, no argument, and the same hashes: nothing of the grader came along."""
    forked, started = said_by(FORKED), said_by(STARTED)

    assert "s.worker" in forked
    assert "checks" not in forked.replace("No module named 'autograder.checks", "")
    assert forked.replace("s.offshoot ", "") == started
