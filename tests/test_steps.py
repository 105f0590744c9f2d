"""The cases of training questions: in the shapes of the models, and none of them gives another one away."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from autograder.answer import answer
from autograder.checks.cases import make_deck
from autograder.checks.compare import compare
from autograder.exams import Exam
from autograder.records import STEPS, Case
from conftest import SOLUTIONS, functions_of

TRAINED = ("bigram", "xor", "language_model")


def steps_of(exam: Exam, question: str) -> list[Case]:
    return [case for case in exam.deck.cases if case.question == question and case.family == STEPS]


def test_the_steps_of_the_graph_are_those_of_the_textbook(exam: Exam) -> None:
    """Walked back from the loss, with the numbers of the figure, and nothing moved."""
    words = [case.words for case in steps_of(exam, "graph")]

    assert words == [
        "computation graph, multiply(-2, 5)",
        "computation graph, add(3, 2)",
        "computation graph, multiply(2, 1)",
        "a value used again, add(2.25, 1.5)",
        "a value used again, multiply(1.5, 1.5)",
    ]
    assert [float(case.calls[0].grad_out) for case in steps_of(exam, "graph")] == [1.0, -2.0, -2.0, 1.0, 1.0]


@pytest.mark.parametrize("question", TRAINED)
def test_a_right_solution_takes_every_step(exam: Exam, question: str) -> None:
    """At moved parameters, under a moved upstream gradient, in the shapes of the model."""
    numbers = [n for n, case in enumerate(exam.deck.cases) if case.question == question and case.family == STEPS]
    functions = functions_of(SOLUTIONS / "solution.py")
    right = compare(exam.reference, answer(functions, exam.deck, exam.assignment)).is_right

    assert len(numbers) >= 4
    assert all(right[index] for n in numbers for index in exam.reference.of_call[n][0])


@pytest.mark.parametrize("question", TRAINED)
def test_no_step_holds_the_answer_to_another_one(exam: Exam, question: str) -> None:
    """Parameters are moved for each step by itself: what is written down in one case is of no use in the next."""
    expected = {}
    for n, case in enumerate(exam.deck.cases):
        if case.question == question and case.family == STEPS:
            outputs = [exam.reference.outputs[index] for index in exam.reference.of_call[n][0]]
            expected[n] = [exam.reference.expected[one.start : one.stop] for one in outputs]

    for one, other in combinations(expected, 2):
        arguments = [argument.values.reshape(-1) for argument in exam.deck.cases[other].calls[0].arguments]
        for gradient in expected[one]:
            assert not any(
                gradient.size == a.size and gradient.size > 1 and np.allclose(gradient, a) for a in arguments
            )


def test_steps_are_the_same_for_the_same_seed_and_others_for_another(exam: Exam) -> None:
    """A report can be had again, and an answer table is good for one deck."""
    again, other = make_deck(exam.assignment, exam.deck.seed), make_deck(exam.assignment, exam.deck.seed + 1)

    def bytes_of(deck_cases: tuple[Case, ...]) -> list[bytes]:
        steps = [case for case in deck_cases if case.question == "xor"]
        return [argument.values.tobytes() for case in steps for argument in case.calls[0].arguments]

    assert bytes_of(again.cases) == bytes_of(exam.deck.cases)
    assert bytes_of(other.cases) != bytes_of(exam.deck.cases)
