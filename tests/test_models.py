"""An instructor's own model: a class in training.py and four lines of TOML, and what is said when they do not fit."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.answer import answer
from autograder.errors import AssignmentError
from autograder.exams import Exam, prepare
from autograder.judging import judge
from autograder.load.assignment import load_assignment
from autograder.records import QuestionResult
from conftest import ROOT

TOML = """
title = "A valley"
points = 12

[[question]]
name = "scale"
function = "scale_backward"
forward = "scale"
points = { runs = 1, values = 2 }
operands.a = { shape = ["N"] }
operands.b = { shape = ["N"] }

[[question]]
name = "half_square"
function = "half_square_backward"
forward = "half_square"
points = { runs = 1, values = 2 }
operands.x = { shape = ["N"] }

[[question]]
name = "descent"
models = ["valley"]
points = { steps = 2, learning = 4 }
"""
FORWARD = """
import numpy as np


def scale(a, b):
    return a * b


def half_square(x):
    return 0.5 * np.sum(x * x)
"""
TRAINING = """
import numpy as np


class valley:
    title = "valley"
    lr, steps = 0.1, 20

    def data(rng):
        return {"steepness": np.array([1.0, 2.0])}

    def start(rng):
        return {"w": rng.normal(size=2)}

    def loss(ops, p, d):
        return ops.half_square(ops.scale(d["steepness"], p["w"]))

    def optimum(d):
        return 0.0
"""
RIGHT: dict[str, Callable[..., Any]] = {
    "scale_backward": lambda grad_out, a, b: (grad_out * b, grad_out * a),
    "half_square_backward": lambda grad_out, x: grad_out * x,
}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"assignment.toml": TOML, "forward.py": FORWARD, "training.py": TRAINING}.items():
        (tmp_path / "valley").mkdir(exist_ok=True)
        (tmp_path / "valley" / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "valley"


def results_of(exam: Exam, functions: dict[str, Callable[..., Any]]) -> dict[str, QuestionResult]:
    return {one.name: one for one in judge(exam, answer(functions, exam.deck, exam.assignment))}


def test_a_model_of_ones_own_is_trained(course: Path) -> None:
    """Nothing but the class says what it is: operations, steps and curve follow from it."""
    exam = prepare("valley")
    result = results_of(exam, RIGHT)["descent"]

    assert exam.assignment.models["valley"].operations == ("scale", "half_square")
    assert (result.function, result.score, result.max_score) == (None, 6, 6)
    curve = result.checks[1].facts["curve"]
    assert all(later < earlier for earlier, later in pairwise(curve))
    assert result.checks[1].facts["optimum"] == 0.0


def test_a_wrong_function_costs_points_in_it(course: Path) -> None:
    """Steps by their share; the run is worth the steps of the others, for the wrong one has paid already."""
    wrong = {**RIGHT, "scale_backward": lambda grad_out, a, b: (grad_out, grad_out)}
    result = results_of(prepare("valley"), wrong)["descent"]

    assert [(check.name, check.score) for check in result.checks] == [("steps", 1), ("learning", 4)]
    assert result.checks[1].facts["lost"] == "scale_backward"


NO_MODEL = "a model whose loss is one finite number, made of operations that questions ask for"
BROKEN = {
    "no class of this name": (
        "training.py", "class valley", "class vally",
        "class valley\n  wanted  a class of this name\n  got     classes vally\n  did you mean \"vally\"?",
    ),
    "no loss": (
        "training.py", "def loss", "def lose",
        "valley.loss\n  wanted  a function\n  got     None",
    ),
    "no learning rate": (
        "training.py", "0.1, 20", "0.0, 20",
        "class valley\n  wanted  lr above 0, and a whole number of steps; or steps = 0\n"
        "  got     lr = 0.0 and steps = 20",
    ),
    "half a step": (
        "training.py", "0.1, 20", "0.1, 20.5",
        "class valley\n  wanted  lr above 0, and a whole number of steps; or steps = 0\n"
        "  got     lr = 0.1 and steps = 20.5",
    ),
    "an operation that nobody asks for": (
        "training.py", "ops.half_square(", "ops.square(",
        f"class valley\n  wanted  {NO_MODEL}\n"
        "  got     AttributeError: no question asks for the backward function of square",
    ),
    "a loss of several numbers": (
        "training.py", "ops.half_square(ops.scale(d[\"steepness\"], p[\"w\"]))", "ops.scale(1.0, p[\"w\"])",
        f"class valley\n  wanted  {NO_MODEL}\n  got     a loss of shape (2,)",
    ),
    "a loss that is no number": (
        "training.py", "np.array([1.0, 2.0])", "np.array([1.0, np.nan])",
        f"class valley\n  wanted  {NO_MODEL}\n  got     a loss of nan",
    ),
    "a file that cannot be run": (
        "training.py", "import numpy as np", "import nunpy as np",
        "training.py\n  wanted  a Python file that can be run\n  got     ModuleNotFoundError: No module named 'nunpy'",
    ),
    "no models": (
        "assignment.toml", 'models = ["valley"]', "models = []",
        'question "descent".models\n  wanted  a list of names, each once\n  got     []',
    ),
    "another family": (
        "assignment.toml", "steps = 2, learning = 4", "values = 6",
        'question "descent".points.values\n  wanted  one of steps, learning\n  got     the unknown key "values"',
    ),
    "no points": (
        "assignment.toml", "steps = 2, learning = 4", "steps = 0",
        'question "descent".points\n  wanted  at least one model, and points for steps or learning\n'
        "  got     models = ['valley'], points = {'steps': 0}",
    ),
    "mercy that is no switch": (
        "assignment.toml", "points = 12", 'points = 12\nmercy = "yes"',
        'mercy\n  wanted  true or false\n  got     "yes"',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), BROKEN.values(), ids=BROKEN)
def test_a_model_that_does_not_fit_is_told_by_class_and_what(
    course: Path, file: str, old: str, new: str, message: str
) -> None:
    """Which class, what was wanted, and what is there."""
    text = (course / file).read_text(encoding="utf-8")
    assert old in text
    (course / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(AssignmentError) as error:
        prepare("valley")

    assert str(error.value).endswith(message)
    assert str(error.value).startswith(f"valley/{file}")


def test_without_training_py_a_model_is_told_to_be_missing(course: Path) -> None:
    """The name of the file says where it belongs."""
    (course / "training.py").unlink()

    with pytest.raises(AssignmentError) as error:
        prepare("valley")

    assert str(error.value) == "valley/training.py\n  wanted  the models that are trained\n  got     no such file"


def test_numbers_of_a_start_may_be_plain(course: Path) -> None:
    """Whoever writes 3.0 means an array of no axes."""
    text = TRAINING.replace("rng.normal(size=2)", "3.0")
    (course / "training.py").write_text(text, encoding="utf-8")

    start = prepare("valley").assignment.models["valley"].start(np.random.default_rng(0))

    assert start["w"].shape == ()


def test_the_data_is_found_from_wherever_it_is_drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An assignment is named by a short path where that is possible, and whoever runs it may go elsewhere then."""
    monkeypatch.chdir(ROOT)
    loaded = load_assignment("assignments/backprop")
    monkeypatch.chdir(tmp_path)

    assert not loaded.folder.is_absolute()
    assert len(loaded.models["bigram"].data(np.random.default_rng(0))["x"]) > 25
