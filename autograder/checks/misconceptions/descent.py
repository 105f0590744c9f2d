"""Mistakes in one step of gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from autograder.checks.misconceptions.output import Output, Predict
from autograder.records import Array

# The operands of a step in one flat row: all parameters, then all gradients, then the learning rate.


def _params(one: Output) -> tuple[Array, ...]:
    return one.operands[: len(one.operands) // 2]


def _grads(one: Output) -> tuple[Array, ...]:
    return one.operands[len(one.operands) // 2 : -1]


def _grad(one: Output) -> Array:
    return _grads(one)[one.wrt]


def _lr(one: Output) -> float:
    return float(one.operands[-1])


def _moved_by(one: Output, grad: Array | float) -> Array:
    """The new parameter, if the step goes along another gradient."""
    return np.asarray(one.operand - _lr(one) * grad)


def _length(grads: tuple[Array, ...]) -> float:
    return float(np.sqrt(sum(np.sum(grad**2) for grad in grads)))


def ascent(one: Output) -> Array:
    """The step is added."""
    return _moved_by(one, -_grad(one))


def params_unchanged(one: Output) -> Array:
    """The new parameters go into a variable that is not returned."""
    return one.operand


def steps_only(one: Output) -> Array:
    """The step is not subtracted from anything."""
    return one.operand - one.right


def negative_steps_only(one: Output) -> Array:
    """The change comes back, not what it leads to."""
    return one.right - one.operand


def no_learning_rate(one: Output) -> Array:
    """The whole gradient is subtracted."""
    return one.operand - _grad(one)


def learning_rate_divides(one: Output) -> Array:
    """The gradient is divided by lr."""
    return one.operand - _grad(one) / _lr(one)


def learning_rate_squared(one: Output) -> Array:
    """The gradient is scaled by lr twice."""
    return _moved_by(one, _lr(one) * _grad(one))


def learning_rate_on_difference(one: Output) -> Array:
    """The difference of parameter and gradient is scaled by lr."""
    return _lr(one) * (one.operand - _grad(one))


def learning_rate_on_params(one: Output) -> Array:
    """The parameter is scaled by lr in place of the gradient."""
    return _lr(one) * one.operand - _grad(one)


def relative_step(one: Output) -> Array:
    """The step is a factor on the parameter, which has to be divided by the parameter first."""
    return one.operand * (1.0 - _lr(one) * _grad(one) / one.operand)


def learning_rate_at_least(one: Output) -> Array:
    """A learning rate below 0.01 is replaced by 0.01."""
    return one.operand - max(_lr(one), 0.01) * _grad(one)


def learning_rate_at_most_one(one: Output) -> Array:
    """A learning rate above 1 is replaced by 1."""
    return one.operand - min(_lr(one), 1.0) * _grad(one)


def moving_average(one: Output) -> Array:
    """The parameter shrinks to a share of 1 - lr before the step."""
    return _moved_by(one, _grad(one) + one.operand)


def moving_average_of_both(one: Output) -> Array:
    """Parameter and gradient are mixed in shares of 1 - lr and lr."""
    return _moved_by(one, one.operand - _grad(one))


def step_taken_twice(one: Output) -> Array:
    """The step is subtracted once in place and once more for the result."""
    return _moved_by(one, 2.0 * _grad(one))


def squared_gradient(one: Output) -> Array:
    """The gradient is multiplied with itself."""
    return _moved_by(one, _grad(one) ** 2)


def sign_of_gradient(one: Output) -> Array:
    """Each entry moves by lr, up or down."""
    return _moved_by(one, np.sign(_grad(one)))


def first_step_of_adam(one: Output) -> Array:
    """Each entry is divided by its own size, and by a little more."""
    return _moved_by(one, _grad(one) / (np.abs(_grad(one)) + 1e-8))


def summed_gradient(one: Output) -> Array:
    """All entries move by the sum of the gradient."""
    return _moved_by(one, float(np.sum(_grad(one))))


def mean_gradient(one: Output) -> Array:
    """All entries move by the average of the gradient."""
    return _moved_by(one, float(np.mean(_grad(one))))


def averaged_over_batch(one: Output) -> Array:
    """The gradient is averaged over its first axis."""
    return _moved_by(one, np.mean(_grad(one), axis=0))


def divided_by_rows(one: Output) -> Array:
    """The gradient is divided by its number of rows."""
    return _moved_by(one, _grad(one) / len(_grad(one)))


def averaged_over_params(one: Output) -> Array:
    """The gradient is divided by the number of parameters."""
    return _moved_by(one, _grad(one) / len(_grads(one)))


def divided_by_entries(one: Output) -> Array:
    """The gradient is divided by its number of entries."""
    return _moved_by(one, _grad(one) / _grad(one).size)


def biases_left_out(one: Output) -> Array:
    """Vectors and single numbers stay as they are."""
    return one.right if one.operand.ndim >= 2 else one.operand


def matrices_left_out(one: Output) -> Array:
    """Matrices stay as they are."""
    return one.operand if one.operand.ndim >= 2 else one.right


def first_and_last_layer(one: Output) -> Array:
    """All parameters between the first and the last one stay as they are."""
    return one.right if one.wrt in (0, len(_params(one)) - 1) else one.operand


def stops_when_converged(one: Output) -> Array:
    """A parameter whose gradient is small stays as it is."""
    return one.operand if np.max(np.abs(_grad(one))) < 1e-3 else one.right


def by_shape(one: Output) -> Array:
    """All parameters of one shape become the last one of them."""
    last = max(place for place, param in enumerate(_params(one)) if param.shape == one.operand.shape)
    return _params(one)[last] - _lr(one) * _grads(one)[last]


def reversed_gradients(one: Output) -> Array:
    """The gradients are paired with the parameters from the end."""
    return _moved_by(one, _grads(one)[::-1][one.wrt])


def first_gradient(one: Output) -> Array:
    """All parameters move along the first gradient."""
    return _moved_by(one, _grads(one)[0])


def clipped(limit: float) -> Predict:
    """The entries of the gradient are kept between -limit and limit."""
    return lambda one: _moved_by(one, np.clip(_grad(one), -limit, limit))


def clipped_in_length(limit: float) -> Predict:
    """All gradients are scaled down where their common length is above the limit."""
    return lambda one: _moved_by(one, _grad(one) * min(1.0, limit / _length(_grads(one))))


def clipped_one_by_one(limit: float) -> Predict:
    """Each gradient is scaled down where its length is above the limit."""
    return lambda one: _moved_by(one, _grad(one) * min(1.0, limit / _length((_grad(one),))))


def unit_length(epsilon: float) -> Predict:
    """The gradient is divided by its length."""
    return lambda one: _moved_by(one, _grad(one) / (_length((_grad(one),)) + epsilon))


def unit_length_of_all(epsilon: float) -> Predict:
    """Each gradient is divided by the common length of all."""
    return lambda one: _moved_by(one, _grad(one) / (_length(_grads(one)) + epsilon))


def weight_decay(rate: float) -> Predict:
    """The parameter is pulled towards zero by lr times a rate."""
    return lambda one: _moved_by(one, _grad(one) + rate * one.operand)


def shrunk(rate: float) -> Predict:
    """The parameter is pulled towards zero by a rate, whatever lr is."""
    return lambda one: one.right - rate * one.operand


def half_precision(one: Output) -> Array:
    """The new parameter is rounded to the eleven bits of half precision."""
    return one.right.astype(np.float16)


def _in_sizes(name: str, row: Callable[[float], Predict], *sizes: float) -> dict[str, Predict]:
    """One mistake with some usual numbers in it."""
    return {f"{name}-{size:g}": row(size) for size in sizes}


ROWS: Mapping[str, Predict] = {
    "ascent": ascent,
    "params-unchanged": params_unchanged,
    "steps-only": steps_only,
    "steps-only--negative": negative_steps_only,
    "no-learning-rate": no_learning_rate,
    "learning-rate-divides": learning_rate_divides,
    "learning-rate-squared": learning_rate_squared,
    "learning-rate-on-params": learning_rate_on_difference,
    "learning-rate-on-params--wrong-factor": learning_rate_on_params,
    "learning-rate-at-least": learning_rate_at_least,
    "learning-rate-at-most-one": learning_rate_at_most_one,
    "relative-step": relative_step,
    "moving-average": moving_average,
    "moving-average--of-both": moving_average_of_both,
    "step-taken-twice": step_taken_twice,
    "squared-gradient": squared_gradient,
    "sign-of-gradient": sign_of_gradient,
    "sign-of-gradient--adam": first_step_of_adam,
    "summed-gradient": summed_gradient,
    "summed-gradient--mean": mean_gradient,
    "averaged-over-batch": averaged_over_batch,
    "averaged-over-batch--divided": divided_by_rows,
    "averaged-over-params": averaged_over_params,
    "averaged-over-entries": divided_by_entries,
    "biases-left-out": biases_left_out,
    "matrices-left-out": matrices_left_out,
    "first-and-last-layer": first_and_last_layer,
    "stops-when-converged": stops_when_converged,
    "by-shape": by_shape,
    "reversed-gradients": reversed_gradients,
    "first-gradient": first_gradient,
    **_in_sizes("clipped--entries", clipped, 0.5, 1.0, 5.0, 10.0),
    **_in_sizes("clipped--norm", clipped_in_length, 1.0, 5.0, 10.0),
    **_in_sizes("clipped--each-norm", clipped_one_by_one, 1.0, 5.0, 10.0),
    **_in_sizes("unit-length--each", unit_length, 0.0, 1e-8),
    **_in_sizes("unit-length--all", unit_length_of_all, 0.0, 1e-8),
    **_in_sizes("weight-decay--with-lr", weight_decay, 0.1, 0.01, 0.001, 0.0005),
    **_in_sizes("weight-decay--without-lr", shrunk, 0.1, 0.01, 0.001, 0.0005),
    "half-precision": half_precision,
}
