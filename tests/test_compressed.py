"""Many entries stepped at once: the same gradients as entry by entry, or none where no such way is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.checks.compressed import find_jacobian
from autograder.checks.model_gradients import ModelGradients
from autograder.derivative import vjp
from autograder.exams import Exam
from autograder.records import Array, Model, Operation


def normal(*shape: int) -> Array:
    return np.random.default_rng(shape).normal(size=shape)


def softmax(x: Array) -> Array:
    exponentials = np.exp(x)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def cross_entropy(logits: Array, targets: Array) -> Any:
    return -np.mean(np.log(softmax(logits))[np.arange(len(targets)), targets])


LABELS = np.array([0, 2, 1, 2, 0, 1])

SHORTER: dict[str, tuple[Callable[..., Any], Sequence[Array], int, int]] = {
    "entry by itself": (lambda x: np.exp(x) * x, [normal(3, 4)], 0, 1),
    "repeated over rows": (lambda a, b: a * b, [normal(5, 4), normal(4)], 1, 1),
    "repeated over columns": (lambda a, b: a * b, [normal(5, 4), normal(5, 1)], 1, 1),
    "repeated in the middle": (lambda a, b: a * b, [normal(2, 3, 4), normal(2, 1, 4)], 1, 1),
    "rows of a product": (lambda a, b: a @ b, [normal(6, 3), normal(3, 4)], 0, 3),
    "columns of a product": (lambda a, b: a @ b, [normal(6, 3), normal(3, 4)], 1, 3),
    "a square product": (lambda a, b: a @ b, [normal(4, 4), normal(4, 4)], 0, 4),
    "stacks of products": (lambda a, b: a @ b, [normal(2, 3, 4), normal(2, 4, 5)], 1, 4),
    "rows that mix within": (softmax, [normal(6, 3)], 0, 3),
    "rows in another order": (lambda x: x[::-1] * 2.0, [normal(4, 3)], 0, 4),
    "a mean over rows": (cross_entropy, [normal(6, 3), LABELS], 0, 3),
    "a sum of squares": (lambda x: 0.5 * np.sum(x * x), [normal(3, 4)], 0, 1),
}
"""A function, its operands, the one that is stepped, and how many groups its entries fall into."""

NOT_SHORTER: dict[str, tuple[Callable[..., Any], Sequence[Array]]] = {
    "a batch that mixes": (lambda x: (x - x.mean(axis=0)) * x.sum(axis=1, keepdims=True), [normal(4, 3)]),
    "rows in their own order, not in that of their places": (lambda x: np.sort(x.sum(axis=1)), [normal(4, 3)]),
    "the square of a mean": (lambda x: np.mean(x * x) ** 2 + np.mean(x), [normal(4, 3)]),
    "a sum and something else": (lambda x: np.mean(x * x) + x[0, 0], [normal(4, 3)]),
    "a number": (lambda x: x * x, [normal()]),
}


@pytest.mark.parametrize(("forward", "operands", "wrt", "groups"), SHORTER.values(), ids=SHORTER)
def test_groups_give_the_gradient_of_single_entries(
    forward: Callable[..., Any], operands: Sequence[Array], wrt: int, groups: int
) -> None:
    """And the same sum of absolute values, from as many steps as there are groups."""
    grad_out = normal(*np.shape(forward(*operands)))

    jacobian = find_jacobian(forward, operands, wrt)

    assert jacobian is not None
    assert len(jacobian.way.groups) == groups
    gradient, magnitude = vjp(forward, operands, wrt, grad_out)
    assert np.allclose(jacobian.vjp(grad_out), gradient, rtol=1e-12, atol=1e-14)
    assert np.allclose(jacobian.vjp_and_magnitude(grad_out), (gradient, magnitude), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("forward", "operands"), NOT_SHORTER.values(), ids=NOT_SHORTER)
def test_a_wrong_guess_is_noticed(forward: Callable[..., Any], operands: Sequence[Array]) -> None:
    """Nothing is given that is not proved."""
    assert find_jacobian(forward, operands, 0) is None


# ---- whole models ------------------------------------------------------------------------------------------


def with_order(x: Array, by: Array) -> Array:
    """Its columns, those of the smallest in the first row first: which entry moves which depends on the numbers."""
    return x[:, np.argsort(np.real(by[0]))]


def a_model(loss: Callable[..., Any]) -> Model:
    return Model("m", "m", 1.0, 1, dict, dict, dict, loss, None, ())


def an_operation(forward: Callable[..., Any], *operands: str) -> Operation:
    return Operation(forward, operands, "", (), operands)


def test_a_structure_that_changes_with_the_numbers_is_found_anew() -> None:
    """The columns come in the order of their numbers, which is another one at the second point."""
    operations = {
        "ordered": an_operation(lambda x: with_order(x, x) ** 2, "x"),
        "weighted": an_operation(lambda x: np.sum(x * normal(4, 3)), "x"),
    }
    model = a_model(lambda ops, p, d: ops.weighted(ops.ordered(p["x"])))
    first = {"x": np.sort(normal(4, 3), axis=1)}
    second = {"x": first["x"][:, ::-1].copy()}
    gradients = ModelGradients(model, operations, first, {})

    for point in (first, second):
        _, found = gradients.of_parameters(point)
        order = np.argsort(point["x"][0])
        expected = np.empty((4, 3))
        expected[:, order] = normal(4, 3) * 2.0 * point["x"][:, order]
        assert np.allclose(found["x"], expected, rtol=1e-12)


def test_a_loss_that_tells_of_no_row_is_stepped_through_the_whole_model(exam: Exam) -> None:
    """Its logits are more than the parameters: fewer steps, the same gradients."""
    model, operations = exam.assignment.models["bigram"], dict(exam.assignment.operations)
    rng = np.random.default_rng(0)
    constants, start = model.data(rng), model.start(rng)
    usual = operations["softmax_cross_entropy"]
    silent = replace(usual, forward=lambda logits, targets: usual.forward(np.asarray(logits), targets))

    loss, found = ModelGradients(
        model, {**operations, "softmax_cross_entropy": silent}, start, constants
    ).of_parameters(start)

    expected_loss, expected = ModelGradients(model, operations, start, constants).of_parameters(start)
    assert loss == pytest.approx(expected_loss, rel=1e-14)
    assert np.allclose(found["W"], expected["W"], rtol=1e-12, atol=1e-15)


def test_a_parameter_that_is_not_used_has_a_gradient_of_zeros() -> None:
    """It stays where it is."""
    operations = {"square": an_operation(lambda x: x * x, "x")}
    model = a_model(lambda ops, p, d: ops.square(p["x"]))
    start = {"x": np.array(3.0), "y": normal(2)}

    _, found = ModelGradients(model, operations, start, {}).of_parameters(start)

    assert found["x"] == 6.0
    assert np.array_equal(found["y"], np.zeros(2))
