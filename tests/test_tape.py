"""The tape: models of one expression each, whose gradients everybody can work out on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.exams import Exam
from autograder.tape import Tape, WrongGradient
from conftest import SOLUTIONS, functions_of


@pytest.fixture(scope="module")
def solution() -> dict[str, Callable[..., Any]]:
    return functions_of(SOLUTIONS / "solution.py")


def test_the_graph_of_the_textbook(exam: Exam, solution: dict[str, Callable[..., Any]]) -> None:
    """L = c (a + 2b) at a = 3, b = 1, c = -2 (Jurafsky and Martin, figure 7.12)."""
    tape = Tape(exam.assignment.operations)
    a, b, c = (tape.parameter(name, np.array(value)) for name, value in (("a", 3.0), ("b", 1.0), ("c", -2.0)))

    loss = tape.multiply(c, tape.add(a, tape.multiply(2.0, b)))

    assert loss.value == -10.0
    assert tape.gradients(loss, solution) == {"a": -2.0, "b": -4.0, "c": 5.0}


def test_a_value_that_is_used_twice_adds_up_its_gradients(exam: Exam, solution: dict[str, Callable[..., Any]]) -> None:
    """y = w w + w has the slope 2w + 1."""
    tape = Tape(exam.assignment.operations)
    w = tape.parameter("w", np.array(1.5))

    assert tape.gradients(tape.add(tape.multiply(w, w), w), solution) == {"w": 4.0}


def test_what_is_not_used_for_the_loss_has_no_gradient(exam: Exam, solution: dict[str, Callable[..., Any]]) -> None:
    """It is computed, and nobody calls its backward function."""
    tape = Tape(exam.assignment.operations)
    w, v = tape.parameter("w", np.array(1.5)), tape.parameter("v", np.array(2.0))
    tape.sigmoid(v)

    assert tape.gradients(tape.add(w, 1.0), {**solution, "sigmoid_backward": None}) == {"w": 1.0}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "backward",
    [
        lambda grad_out, a, b: grad_out,
        lambda grad_out, a, b: (grad_out,),
        lambda grad_out, a, b: (grad_out, None),
        lambda grad_out, a, b: (grad_out, np.ones((2, 2))),
        lambda grad_out, a, b: (grad_out, "1.0"),
    ],
    ids=["one", "a tuple of one", "none", "another shape", "text"],
)
def test_what_is_no_gradient_ends_the_walk(exam: Exam, backward: Callable[..., Any]) -> None:
    """A run with it would be about something else."""
    tape = Tape(exam.assignment.operations)
    w = tape.parameter("w", np.array(1.5))

    with pytest.raises(WrongGradient, match="add_backward"):
        tape.gradients(tape.add(w, w), {"add_backward": backward})


def test_an_operation_that_nobody_asks_for_is_no_method(exam: Exam) -> None:
    """A model can only be made of what students write."""
    with pytest.raises(AttributeError, match="no question asks for the backward function of tanh"):
        Tape(exam.assignment.operations).tanh(1.0)
