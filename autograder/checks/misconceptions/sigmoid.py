"""Mistakes with the slope of sigmoid."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from autograder.checks.misconceptions.output import Output, Predict
from autograder.records import Array


def _sigmoid(x: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


def _slope(s: Array) -> Array:
    return s * (1.0 - s)


# ---- one of the factors is missing, or another one -----------------------------------------------------------


def no_local(one: Output) -> Array:
    """The upstream gradient is handed on as it is."""
    return one.grad_out


def forgot_one_minus_out(one: Output) -> Array:
    """The factor 1 - out is left out."""
    return one.grad_out * one.out


def forgot_one_minus_out_alone(one: Output) -> Array:
    """The factor 1 - out is left out, and the upstream too."""
    return one.out


def forgot_out(one: Output) -> Array:
    """The factor out is left out."""
    return np.asarray(one.grad_out * (1 - one.out))


def forgot_out_alone(one: Output) -> Array:
    """The factor out is left out, and the upstream too."""
    return 1 - one.out


def squared_out(one: Output) -> Array:
    """The factor out stands in both places."""
    return np.asarray(one.grad_out * one.out**2)


def squared_one_minus_out(one: Output) -> Array:
    """The factor 1 - out stands in both places."""
    return np.asarray(one.grad_out * (1 - one.out) ** 2)


def one_plus_out(one: Output) -> Array:
    """The second factor has a plus for the minus."""
    return np.asarray(one.grad_out * one.out * (1 + one.out))


def lost_parentheses(one: Output) -> Array:
    """Without parentheses the 1 multiplies, and out is subtracted at the end."""
    return one.grad_out * one.out - one.out


def lost_parentheses_square(one: Output) -> Array:
    """The upstream reaches the first term of out - out**2 only."""
    return np.asarray(one.grad_out * one.out - one.out**2)


def lost_parentheses_in_front(one: Output) -> Array:
    """The upstream is multiplied by the 1 of 1 - out alone, and out by out."""
    return np.asarray(one.grad_out - one.out**2)


def lost_parentheses_at_the_end(one: Output) -> Array:
    """out and upstream multiply the second out of 1 - out only."""
    return 1 - one.out**2 * one.grad_out


# ---- the slope of something else -----------------------------------------------------------------------------


def tanh_derivative(one: Output) -> Array:
    """The slope of tanh is taken for that of sigmoid."""
    return np.asarray(one.grad_out * (1 - one.out**2))


def tanh_derivative_alone(one: Output) -> Array:
    """The slope of tanh, without the upstream."""
    return 1 - one.out**2


def relu_derivative(one: Output) -> Array:
    """The upstream passes where x is above 0, as in a ReLU."""
    return one.grad_out * (one.out > 0.5)


def softmax_jacobian(one: Output) -> Array:
    """The rule of softmax, in which the outputs of a row compete."""
    return np.asarray(one.out * (one.grad_out - np.sum(one.grad_out * one.out, axis=-1, keepdims=True)))


def softmax_jacobian_of_all(one: Output) -> Array:
    """The rule of softmax, as if all outputs competed."""
    return np.asarray(one.out * (one.grad_out - np.sum(one.grad_out * one.out)))


def slope_at_zero(one: Output) -> Array:
    """The slope at x = 0 is used everywhere."""
    return 0.25 * one.grad_out


def base_two(one: Output) -> Array:
    """log(2) is multiplied in, as for a power of 2."""
    return np.asarray(one.right * np.log(2))


def base_two_divided(one: Output) -> Array:
    """log(2) is divided by, as for a logarithm to base 2."""
    return np.asarray(one.right / np.log(2))


# ---- the slope at another place ------------------------------------------------------------------------------


def double_sigmoid(one: Output) -> Array:
    """out is taken for x, and sigmoid applied once more."""
    return one.grad_out * _slope(_sigmoid(one.out))


def double_sigmoid_alone(one: Output) -> Array:
    """Sigmoid is applied once more, and the upstream left out."""
    return _slope(_sigmoid(one.out))


def double_sigmoid_second_factor(one: Output) -> Array:
    """Sigmoid is applied once more in the factor 1 - out."""
    return np.asarray(one.grad_out * one.out * (1 - _sigmoid(one.out)))


def double_sigmoid_first_factor(one: Output) -> Array:
    """Sigmoid is applied once more in the factor out."""
    return np.asarray(one.grad_out * _sigmoid(one.out) * (1 - one.out))


def x_not_out(one: Output) -> Array:
    """The formula is filled in with x, worked out from out."""
    return one.grad_out * _slope(one.operand)


def x_not_out_alone(one: Output) -> Array:
    """The formula is filled in with x, and the upstream left out."""
    return _slope(one.operand)


def clipped_at(level: float) -> Predict:
    """out is kept away from 0 and 1 by `level`."""

    def clipped_out(one: Output) -> Array:
        return one.grad_out * _slope(np.clip(one.out, level, 1 - level))

    return clipped_out


# ---- the upstream in another role ----------------------------------------------------------------------------


def averaged_without_upstream(one: Output) -> Array:
    """The slope alone, divided by the number of rows."""
    return _slope(one.out) / len(one.out)


def argument_order_alone(one: Output) -> Array:
    """The first argument is taken for out, and the other left alone."""
    return _slope(one.grad_out)


def divides_by_local(one: Output) -> Array:
    """The upstream is divided by the slope, to undo the forward pass."""
    return one.grad_out / _slope(one.out)


def upstream_added(one: Output) -> Array:
    """Upstream plus slope."""
    return one.grad_out + _slope(one.out)


def upstream_inside(one: Output) -> Array:
    """The formula is used on upstream times out."""
    return _slope(one.grad_out * one.out)


def upstream_through_sigmoid(one: Output) -> Array:
    """The upstream is sent through sigmoid before it multiplies."""
    return _sigmoid(one.grad_out) * _slope(one.out)


def upstream_through_sigmoid_slope(one: Output) -> Array:
    """The slope is taken at the upstream."""
    return _slope(_sigmoid(one.grad_out))


def upstream_through_sigmoid_twice(one: Output) -> Array:
    """Sigmoid of one minus sigmoid, of the upstream, and out is left alone."""
    return _sigmoid(1 - _sigmoid(one.grad_out))


# ---- entry by entry is not kept ------------------------------------------------------------------------------


def flattened(one: Output) -> Array:
    """The entries come back as one long row."""
    return one.right.ravel()


def jacobian_diagonal(one: Output) -> Array:
    """np.diag makes the Jacobian of a vector; of a matrix it takes the diagonal."""
    return np.asarray(np.diag(_slope(one.out)) @ one.grad_out)


def matrix_product(one: Output) -> Array:
    """Upstream times slope is read as a product of matrices."""
    return np.asarray(np.dot(one.grad_out, _slope(one.out).T))


def matrix_product_other_way(one: Output) -> Array:
    """The same, with the upstream transposed to make it fit."""
    return np.asarray(np.dot(one.grad_out.T, _slope(one.out)))


def matrix_product_as_it_is(one: Output) -> Array:
    """The same, with nothing transposed."""
    return np.asarray(np.dot(one.grad_out, _slope(one.out)))


def summed_over_batch(one: Output) -> Array:
    """The rows are added up, as for a bias."""
    return np.asarray(np.sum(one.right, axis=0))


def summed_over_batch_kept(one: Output) -> Array:
    """The rows are added up, and the axis kept."""
    return np.asarray(np.sum(one.right, axis=0, keepdims=True))


def summed_over_batch_and_all(one: Output) -> Array:
    """Everything is added up to one number."""
    return np.asarray(np.sum(one.right))


def summed_over_batch_as_mean(one: Output) -> Array:
    """The mean of the rows is returned for the rows."""
    return np.asarray(np.mean(one.right, axis=0))


def mean_for_sum(one: Output) -> Array:
    """The mean over the rows is taken here, where the loss has taken it."""
    return one.right / len(one.out)


def mean_for_sum_of_all(one: Output) -> Array:
    """The mean over all entries is taken here."""
    return one.right / one.out.size


ROWS: Mapping[str, Predict] = {
    "no-local": no_local,
    "forgot-one-minus-out": forgot_one_minus_out,
    "forgot-one-minus-out--no-upstream": forgot_one_minus_out_alone,
    "forgot-out": forgot_out,
    "forgot-out--no-upstream": forgot_out_alone,
    "squared-out": squared_out,
    "squared-out--one-minus": squared_one_minus_out,
    "one-plus-out": one_plus_out,
    "lost-parentheses": lost_parentheses,
    "lost-parentheses--square": lost_parentheses_square,
    "lost-parentheses--in-front": lost_parentheses_in_front,
    "lost-parentheses--at-the-end": lost_parentheses_at_the_end,
    "tanh-derivative": tanh_derivative,
    "tanh-derivative--no-upstream": tanh_derivative_alone,
    "relu-derivative": relu_derivative,
    "softmax-jacobian": softmax_jacobian,
    "softmax-jacobian--all": softmax_jacobian_of_all,
    "slope-at-zero": slope_at_zero,
    "base-two": base_two,
    "base-two--divided": base_two_divided,
    "double-sigmoid": double_sigmoid,
    "double-sigmoid--no-upstream": double_sigmoid_alone,
    "double-sigmoid--one-factor": double_sigmoid_second_factor,
    "double-sigmoid--first-factor": double_sigmoid_first_factor,
    "x-not-out": x_not_out,
    "x-not-out--no-upstream": x_not_out_alone,
    **{f"clipped-out--{level}": clipped_at(level) for level in (0.1, 0.05, 0.01, 0.001, 0.0001)},
    "no-upstream--averaged": averaged_without_upstream,
    "argument-order--no-upstream": argument_order_alone,
    "divides-by-local": divides_by_local,
    "upstream-added": upstream_added,
    "upstream-inside": upstream_inside,
    "upstream-through-sigmoid": upstream_through_sigmoid,
    "upstream-through-sigmoid--slope": upstream_through_sigmoid_slope,
    "upstream-through-sigmoid--twice": upstream_through_sigmoid_twice,
    "flattened": flattened,
    "jacobian-diagonal": jacobian_diagonal,
    "matrix-product": matrix_product,
    "matrix-product--other-way": matrix_product_other_way,
    "matrix-product--as-it-is": matrix_product_as_it_is,
    "summed-over-batch": summed_over_batch,
    "summed-over-batch--kept": summed_over_batch_kept,
    "summed-over-batch--all": summed_over_batch_and_all,
    "summed-over-batch--mean": summed_over_batch_as_mean,
    "mean-for-sum": mean_for_sum,
    "mean-for-sum--all": mean_for_sum_of_all,
}
