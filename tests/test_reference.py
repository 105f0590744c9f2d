"""The reference gradient obeys the laws of differentiation, so it needs no second answer key to be believed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder.checks.cases import make_deck
from autograder.checks.reference import FULL_UP_TO, make_reference
from autograder.derivative import jvp, vjp
from autograder.exams import Exam
from autograder.records import Array

Forward = Callable[..., Array]


def numbers(*shape: int) -> st.SearchStrategy[Array]:
    return arrays(np.float64, shape, elements=st.floats(-3, 3, width=32))


def the(exam: Exam, name: str) -> Forward:
    return exam.assignment.forwards[name]


@given(x=numbers(3, 2), one=numbers(3, 2), other=numbers(3, 2), factor=st.floats(-3, 3))
def test_the_gradient_is_linear_in_the_upstream(exam: Exam, x: Array, one: Array, other: Array, factor: float) -> None:
    """Downstream = upstream times Jacobian, so sums and multiples of upstreams come out as such."""
    sigmoid = the(exam, "sigmoid")

    together, _ = vjp(sigmoid, [x], 0, one + factor * other)
    apart = vjp(sigmoid, [x], 0, one)[0] + factor * vjp(sigmoid, [x], 0, other)[0]

    np.testing.assert_allclose(together, apart, atol=1e-13)


@given(x=numbers(3, 2), w=numbers(2, 4), grad_out=numbers(3, 4))
def test_the_gradient_of_a_composed_forward_obeys_the_chain_rule(
    exam: Exam, x: Array, w: Array, grad_out: Array
) -> None:
    """Through sigmoid(x @ w) at once, and node by node, the same gradient comes back."""
    sigmoid, matmul = the(exam, "sigmoid"), the(exam, "matmul")

    at_once, _ = vjp(lambda x, w: sigmoid(matmul(x, w)), [x, w], 0, grad_out)
    at_the_product, _ = vjp(sigmoid, [matmul(x, w)], 0, grad_out)
    node_by_node, _ = vjp(matmul, [x, w], 0, at_the_product)

    np.testing.assert_allclose(at_once, node_by_node, atol=1e-12)


@given(x=numbers(3, 4), grad_out=numbers(3, 4), direction=numbers(3, 4))
def test_backward_and_forward_derivatives_agree(exam: Exam, x: Array, grad_out: Array, direction: Array) -> None:
    """<grad_out, J u> = <grad_out J, u>, for every upstream and every direction."""
    sigmoid = the(exam, "sigmoid")

    forward = np.sum(grad_out * jvp(sigmoid, [x], 0, direction))
    backward = np.sum(vjp(sigmoid, [x], 0, grad_out)[0] * direction)

    assert forward == pytest.approx(backward, abs=1e-12)


@given(logits=arrays(np.float64, (3, 4), elements=st.floats(-1000, 1000)))
def test_each_row_of_a_softmax_gradient_adds_up_to_zero(exam: Exam, logits: Array) -> None:
    """Probabilities add up to one whatever the logits, also at ±1000 where differences are useless."""
    gradient, _ = vjp(the(exam, "softmax_cross_entropy"), [logits, np.array([0, 3, 3])], 0, np.array(2.0))

    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-12)


@given(a=numbers(4, 3), b=numbers(3), grad_out=numbers(4, 3))
def test_a_broadcast_operand_collects_from_every_copy(exam: Exam, a: Array, b: Array, grad_out: Array) -> None:
    """Stretching b by hand and adding up the rows of its gradient is the gradient of b."""
    multiply = the(exam, "multiply")

    broadcast, _ = vjp(multiply, [a, b], 1, grad_out)
    stretched, _ = vjp(multiply, [a, np.tile(b, (4, 1))], 1, grad_out)

    np.testing.assert_allclose(broadcast, stretched.sum(axis=0), atol=1e-12)


@pytest.mark.parametrize(
    ("name", "operands", "wrt", "grad_out", "expected"),
    [
        ("multiply", [3.0, 4.0], 0, -2.0, -8.0),
        ("multiply", [3.0, 4.0], 1, -2.0, -6.0),
        ("add", [3.0, 2.0], 0, -2.0, -2.0),
        ("sigmoid", [0.0], 0, 4.0, 1.0),
    ],
    ids=["product rule, left", "product rule, right", "a sum passes on", "the slope of sigmoid at 0 is 1/4"],
)  # fmt: skip
def test_numbers_that_a_lecturer_writes_on_the_blackboard(
    exam: Exam, name: str, operands: list[float], wrt: int, grad_out: float, expected: float
) -> None:
    """Derivatives that everybody can do in the head."""
    gradient, _ = vjp(the(exam, name), [np.array(operand) for operand in operands], wrt, np.array(grad_out))

    assert float(gradient) == pytest.approx(expected, rel=1e-15)


def test_a_large_operand_is_seen_through_entries_and_one_direction(exam: Exam) -> None:
    """One wrong number anywhere in a large gradient moves what is compared, sampled or not."""
    large = [output for output in exam.reference.outputs if np.prod(output.shape) > FULL_UP_TO]

    assert large
    for output in large:
        right = np.zeros(output.shape)
        for flat in (0, right.size // 2, right.size - 1):
            wrong = right.copy()
            wrong.flat[flat] = 1.0
            assert np.max(np.abs(output.seen(wrong) - output.seen(right))) >= 0.5 / np.sqrt(right.size)


def test_mistakes_of_equal_size_do_not_cancel_in_a_large_operand(exam: Exam) -> None:
    """A one-hot that lands in the wrong places is 1/N too much here and 1/N too little there, many times."""
    rng = np.random.default_rng(0)
    for output in exam.reference.outputs:
        if np.prod(output.shape) > FULL_UP_TO:
            for _ in range(200):
                wrong = np.zeros(int(np.prod(output.shape)))
                wrong[rng.permutation(wrong.size)[:40]] = np.repeat([1.0, -1.0], 20)
                assert np.max(np.abs(output.seen(wrong.reshape(output.shape)))) > 1e-4


def test_the_reference_answers_the_deck_the_same_way_twice(exam: Exam) -> None:
    """Same assignment, same seed: the same numbers to the last bit."""
    deck = make_deck(exam.assignment, exam.deck.seed)
    again = make_reference(exam.assignment, deck)

    assert again.expected.tobytes() == exam.reference.expected.tobytes()
    assert again.argument_bytes == exam.reference.argument_bytes
