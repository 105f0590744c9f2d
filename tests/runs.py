"""A small training.py, its models, and decks of training runs: what the tests of training runs share."""

from __future__ import annotations

import linecache
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.exams import Exam
from autograder.records import Argument, Call, Case, Deck, Model, Operation, Run, Slot, Submission
from conftest import SOLUTIONS

TRAINING = """
import numpy as np


class xor:
    def loss(ops, p, d):
        hidden = ops.sigmoid(ops.add(ops.matmul(d["x"], p["W"]), p["b"]))
        return ops.softmax_cross_entropy(ops.add(ops.matmul(hidden, p["U"]), p["c"]), d["targets"])


class line:
    def loss(ops, p, d):
        return ops.softmax_cross_entropy(ops.matmul(d["x"], p["W"]), d["targets"])
"""

SOLUTION = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")

FOR_MODELS = ("add", "multiply", "sigmoid", "matmul", "softmax_cross_entropy")
NEEDS = {
    "xor": ("sigmoid_backward", "add_backward", "matmul_backward", "softmax_cross_entropy_backward"),
    "line": ("matmul_backward", "softmax_cross_entropy_backward"),
}


def with_training(exam: Exam, source: str = TRAINING) -> Exam:
    """The exam, with two models, and a deck of nothing but their runs."""
    assignment = exam.assignment
    operations = {
        question.forward: Operation(
            forward=assignment.forwards[question.forward],
            operands=tuple(operand.name for operand in question.operands),
            function=question.function,
            receives=question.receives,
            gradients=question.gradients,
        )
        for question in assignment.questions
        if question.name in FOR_MODELS
    }
    namespace: dict[str, Any] = {}
    exec(TRAINING, namespace)
    models = {name: model(name, namespace[name].loss, operations) for name in NEEDS}
    modules = {**assignment.modules, "training": source.encode()}
    trained = replace(assignment, operations=operations, models=models, modules=modules)
    return replace(exam, assignment=trained, deck=deck_of(xor_run(), line_run()))


def model(name: str, loss: Any, operations: Mapping[str, Operation]) -> Model:
    return Model(
        name=name,
        title=name,
        lr=1.0,
        steps=1,
        data=lambda rng: {},
        unseen=lambda rng: {},
        start=lambda rng: {},
        loss=loss,
        optimum=None,
        operations=tuple(forward for forward, one in operations.items() if one.function in NEEDS[name]),
    )


def deck_of(*cases: Case) -> Deck:
    return Deck(seed=0, index=0, cases=cases)


def xor_run(steps: int = 12, lr: float = 4.0, dtype: str = "float64", hidden: int = 5) -> Case:
    """Exclusive or, with one hidden layer."""
    rng = np.random.default_rng(5)
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    parameters = {
        "W": rng.normal(size=(2, hidden)),
        "b": rng.normal(size=hidden),
        "U": rng.normal(size=(hidden, 2)),
        "c": rng.normal(size=2),
    }
    return run_case("xor", {"x": x, "targets": np.array([0, 1, 1, 0])}, parameters, steps, lr, dtype)


def line_run(steps: int = 3) -> Case:
    """One layer, without a sigmoid and without an addition."""
    rng = np.random.default_rng(6)
    constants = {"x": rng.normal(size=(4, 3)), "targets": np.array([0, 1, 1, 0])}
    return run_case("line", constants, {"W": rng.normal(size=(3, 2))}, steps)


def run_case(
    name: str,
    constants: Mapping[str, Any],
    parameters: Mapping[str, Any],
    steps: int,
    lr: float = 1.0,
    dtype: str = "float64",
) -> Case:
    run = Run(name, tuple(constants), tuple(parameters), lr, steps, NEEDS[name])
    arrays = [*constants.values(), *(values.astype(dtype) for values in parameters.values())]
    return Case(
        question="training",
        function=run.function,
        family="learning",
        words=name,
        calls=(Call(tuple(Argument(values) for values in arrays), (), np.zeros(0)),),
        slots=(Slot("list", len(constants)), Slot("list", len(parameters))),
        run=run,
    )


def solution_text(definition: str) -> str:
    """The solution, with another definition of a function or two at its end."""
    return f"{SOLUTION}\n\nimport os, sys\n\n{definition}\n"


def solution_but(definition: str) -> Submission:
    return script(solution_text(definition))


def script(source: str | Path) -> Submission:
    return Submission("hw.py", "script", source.read_bytes() if isinstance(source, Path) else source.encode())


def functions_in(definition: str) -> dict[str, Any]:
    """The functions of `solution_but`, defined here, with lines that a traceback finds, as a worker has them."""
    source = solution_text(definition)
    linecache.cache["<script>"] = (len(source), None, source.splitlines(keepends=True), "<script>")
    namespace: dict[str, Any] = {"__name__": "student"}
    exec(compile(source, "<script>", "exec"), namespace)
    return {name: value for name, value in namespace.items() if callable(value)}
