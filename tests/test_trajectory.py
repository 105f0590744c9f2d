"""The run as it should go: right gradients by complex step, from the forward functions alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.checks.model_gradients import ModelGradients
from autograder.checks.trajectory import arrays_of, trajectory_of, unseen_of
from autograder.exams import Exam
from autograder.records import Case
from autograder.tape import Tape
from conftest import SOLUTIONS, functions_of

TRAINED = ("bigram", "xor", "language_model")


@pytest.fixture(scope="module")
def solution() -> dict[str, Callable[..., Any]]:
    return functions_of(SOLUTIONS / "solution.py")


def run_of(exam: Exam, name: str) -> Case:
    return next(case for case in exam.deck.cases if case.run is not None and case.run.model == name)


@pytest.mark.parametrize("name", TRAINED)
def test_a_trajectory_is_that_of_the_solution(exam: Exam, name: str, solution: dict[str, Callable[..., Any]]) -> None:
    """Whichever way the complex step takes, through the whole model or along the tape: the same run, to ten digits."""
    case, model, operations = run_of(exam, name), exam.assignment.models[name], exam.assignment.operations
    constants, now = arrays_of(case)

    for step, expected in enumerate(trajectory_of(exam.assignment, case).parameters):
        for parameter, value in now.items():
            assert np.allclose(value, expected[parameter], rtol=1e-9, atol=1e-10), f"{parameter}, step {step}"
        tape = Tape(operations)
        loss = model.loss(tape, {key: tape.parameter(key, value) for key, value in now.items()}, constants)
        gradients = tape.gradients(loss, solution)
        now = {key: value - model.lr * gradients[key] for key, value in now.items()}


@pytest.mark.parametrize("name", TRAINED)
def test_the_loss_of_a_right_run_falls(exam: Exam, name: str) -> None:
    """Something is learned, and what was not seen is judged by other data."""
    trajectory = trajectory_of(exam.assignment, run_of(exam, name))

    assert trajectory.losses[-1] < 0.75 * trajectory.losses[0]
    assert trajectory.unseen != trajectory.losses[-1]


def test_the_convex_model_falls_at_every_step_towards_its_optimum(exam: Exam) -> None:
    """Its smallest loss is known by counting: nothing is below it, and the run comes near."""
    trajectory = trajectory_of(exam.assignment, run_of(exam, "bigram"))

    assert all(later < earlier for earlier, later in zip(trajectory.losses, trajectory.losses[1:]))
    assert trajectory.optimum is not None
    assert 0.0 < trajectory.losses[-1] - trajectory.optimum < 0.01


def test_every_node_of_the_textbook_graph_has_its_gradient(exam: Exam) -> None:
    """L = c (a + 2b): -2 for a + 2b and for 2b, 5 for c (Jurafsky and Martin, figure 7.12)."""
    model = exam.assignment.models["graph"]
    rng = np.random.default_rng(0)
    start = model.start(rng)

    _, loss, gradients = ModelGradients(model, exam.assignment.operations, start, model.data(rng)).of_nodes(start)

    assert {node.name or node.operation: float(value) for node, value in gradients.items() if node is not loss} == {
        "a": -2.0, "b": -4.0, "c": 5.0, "add": -2.0, "multiply": -2.0,
    }  # fmt: skip


@pytest.mark.parametrize("name", TRAINED)
def test_no_worker_is_sent_what_the_run_does_not_see(exam: Exam, name: str) -> None:
    """The data that the loss is looked at besides stay here."""
    case = run_of(exam, name)
    sent = [argument.values.tobytes() for argument in case.calls[0].arguments]

    hidden = [value for key, value in unseen_of(case).items() if not np.array_equal(value, arrays_of(case)[0][key])]

    assert hidden
    assert not any(value.tobytes() in sent for value in hidden)
