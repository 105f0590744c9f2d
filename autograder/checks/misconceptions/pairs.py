"""Mistakes with two operands that are broadcast together: add and multiply.

Most of them are made after the local gradient is right, when what broadcasting repeated has to be added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from autograder.checks.misconceptions import common, unbroadcast
from autograder.checks.misconceptions.output import Output, Predict
from autograder.records import Array

# ---- adding up, not quite ----------------------------------------------------------------------------------


def summed_by(mistake: Predict) -> Predict:
    """The row of somebody who makes this mistake when the gradient, of the shape of the output, is added up."""

    def predict(one: Output) -> Array | None:
        def repeat(x: Array) -> Array:
            return np.broadcast_to(x, one.out.shape)

        return mistake(replace(one, forward=repeat, operands=(one.operand,), wrt=0, grad_out=one.unsummed()))

    return predict


def fitted(one: Output, grad: Array) -> Array:
    """`grad`, of the shape of the output, added up to the shape of the operand: as it should be."""
    grad = np.sum(np.broadcast_to(grad, one.out.shape), axis=one.leading_axes)
    ones = tuple(axis for axis, size in enumerate(one.operand.shape) if size == 1)
    return np.asarray(grad.sum(axis=ones, keepdims=True))


def no_axes_means_all(one: Output) -> Array:
    """Where there is nothing to add up, numpy is told None for the axes, and adds up all of them."""
    axes = one.leading_axes + tuple(len(one.leading_axes) + i for i, size in enumerate(one.operand.shape) if size == 1)
    return np.asarray(one.unsummed().sum(axis=axes or None)).reshape(one.operand.shape)


def unsummed_sign(one: Output) -> Array:
    """The sign is changed, and nothing is added up."""
    return -one.unsummed()


def mean_over_rows(one: Output) -> Array:
    """Where the shapes differ, the mean over axis 0 is taken."""
    return np.asarray(one.unsummed().mean(axis=0)) if one.is_broadcast else one.right


def every_entry_averaged(one: Output) -> Array:
    """Where the shapes differ, the mean of everything is taken."""
    return np.asarray(one.unsummed().mean()) if one.is_broadcast else one.right


def constant_operand(one: Output) -> Array:
    """This operand is taken for a constant."""
    return np.zeros(one.operand.shape)


SUMMING: Mapping[str, Predict] = {
    # As in unbroadcast, rows that end in exceptions come first.
    "left-aligned-reduction": summed_by(unbroadcast.left_aligned),
    "no-axes-means-all": no_axes_means_all,
    "no-axes-means-all--twice": summed_by(unbroadcast.axis_none),
    "axes-by-size": summed_by(unbroadcast.axes_by_size),
    "axes-not-shifted": summed_by(unbroadcast.axes_not_shifted),
    "axes-shift-while-summing": summed_by(unbroadcast.axes_shift_while_summing),
    "forced-shape--reshape": summed_by(unbroadcast.reshaped),
    "forced-shape--broadcast": summed_by(unbroadcast.broadcast_back),
    "forced-shape": summed_by(unbroadcast.first_numbers),
    "left-aligned-reduction--zip": summed_by(unbroadcast.left_aligned_by_zip),
    "axes-by-size--from-left": summed_by(unbroadcast.axes_by_size_from_left),
    "last-axes": summed_by(unbroadcast.last_axes),
    "no-unbroadcast": summed_by(unbroadcast.returned_unchanged),
    "partial-unbroadcast--axis-zero": summed_by(unbroadcast.axis_zero_only),
    "partial-unbroadcast--leading-only": summed_by(unbroadcast.leading_only),
    "partial-unbroadcast--one-leading": summed_by(unbroadcast.one_leading_only),
    "partial-unbroadcast--one-axis": summed_by(unbroadcast.one_stretched_only),
    "partial-unbroadcast--ones-only": summed_by(unbroadcast.ones_only),
    "partial-unbroadcast--stretched-only": summed_by(unbroadcast.stretched_only),
    "stretched-axis-dropped": summed_by(unbroadcast.only_stretched_axis_dropped),
    "leading-axis-kept": summed_by(unbroadcast.leading_axis_kept),
    "same-number-of-entries": summed_by(unbroadcast.same_number_of_entries),
    "sums-everything": summed_by(unbroadcast.sums_everything),
    "sums-everything--everywhere": summed_by(unbroadcast.sum_everywhere),
    "mean-for-sum--stretched": summed_by(unbroadcast.mean_over_stretched),
    "mean-for-sum--leading": summed_by(unbroadcast.mean_over_leading),
    "mean-for-sum--axis-zero": mean_over_rows,
    "mean-for-sum--everything": every_entry_averaged,
    "max-for-sum": summed_by(unbroadcast.max_for_sum),
    "first-slice": summed_by(unbroadcast.first_slice),
    "first-slice--times-count": summed_by(unbroadcast.first_slice_times_count),
    "overwrites-instead-of-adds": summed_by(unbroadcast.last_slice),
    "last-row-forgotten--leading": summed_by(unbroadcast.last_row_forgotten),
    "last-row-forgotten--repeated": summed_by(unbroadcast.last_entry_forgotten),
    "last-row-forgotten--everywhere": common.last_row_forgotten,
    "sign--no-unbroadcast": unsummed_sign,
    "constant-operand": constant_operand,
}

# ---- the second operand is a bias, or a gain ---------------------------------------------------------------
# The first operand is then returned with nothing added up, which has a name of its own.


def second_over_rows(one: Output) -> Array | None:
    """The second operand is always added up over the rows."""
    return np.asarray(one.unsummed().sum(axis=0)) if one.wrt else None


def second_over_rows_kept(one: Output) -> Array | None:
    """The second operand is always one row, added up over the rows."""
    return one.unsummed().sum(axis=0, keepdims=True) if one.wrt else None


# ---- add ---------------------------------------------------------------------------------------------------


def ones_for_add(one: Output) -> Array:
    """The derivative of a sum is 1, and 1 is the answer."""
    return np.ones(one.operand.shape)


def ones_of_the_output(one: Output) -> Array:
    """Ones of the shape of the output."""
    return np.ones(one.out.shape)


def upstream_ones(one: Output) -> Array:
    """The upstream is replaced by ones, and these are added up."""
    return one.vjp(np.ones(()))


def total_everywhere(one: Output) -> Array:
    """Every entry gets the sum of the upstream."""
    return np.full(one.operand.shape, np.sum(one.grad_out))


def own_operand(one: Output) -> Array:
    """Upstream times the operand itself."""
    return fitted(one, one.grad_out * one.operand)


def other_operand(one: Output) -> Array:
    """Upstream times the other operand: the rule of a product."""
    return fitted(one, one.grad_out * one.other)


def other_operand_unsummed(one: Output) -> Array:
    """The rule of a product, and nothing is added up."""
    return one.grad_out * one.other


def looped_to_last_bias(one: Output) -> Array:
    """Where the shapes differ, a loop adds up the rows of the upstream, and ends one row early."""
    if one.operand.shape == one.other.shape:
        return one.right
    grad = np.zeros(one.operand.shape)
    for row in one.grad_out[:-1]:
        grad += row
    return grad


ADD: Mapping[str, Predict] = {
    **SUMMING,
    "last-row-forgotten": looped_to_last_bias,
    "bias-only": second_over_rows,
    "bias-only--keepdims": second_over_rows_kept,
    "no-upstream": ones_for_add,
    "upstream-ones": upstream_ones,
    "upstream-ones--no-unbroadcast": ones_of_the_output,
    "upstream-summed": total_everywhere,
    "upstream-summed--added-up": common.upstream_summed,
    "own-operand": own_operand,
    "multiplication-rule": other_operand,
    "multiplication-rule--no-unbroadcast": other_operand_unsummed,
    # Only in add is it plain what somebody thought who ends up at twice or half of the right gradient.
    "counted-twice": common.doubled,
    "split-in-half": common.halved,
}

# ---- multiply ----------------------------------------------------------------------------------------------


def own_operand_unsummed(one: Output) -> Array:
    """Upstream times the operand itself, and nothing is added up."""
    return one.grad_out * one.operand


def addition_rule(one: Output) -> Array:
    """The upstream is handed on unchanged."""
    return fitted(one, one.grad_out)


def output_for_local(one: Output) -> Array:
    """Upstream times the output."""
    return fitted(one, one.grad_out * one.out)


def output_over_operand(one: Output) -> Array:
    """Upstream times the output over the operand: right, until an operand is 0."""
    return fitted(one, one.grad_out * one.out / one.operand)


def product_rule(one: Output) -> Array:
    """Upstream times the sum of both operands."""
    return fitted(one, one.grad_out * (one.operand + one.other))


def quotient_rule(one: Output) -> Array:
    """The second operand is taken for a divisor."""
    if one.wrt == 0:
        return fitted(one, one.grad_out / one.other)
    return fitted(one, -one.grad_out * one.other / one.operand**2)


def reduced_too_early(one: Output) -> Array:
    """The upstream is added up first, and multiplied by the other operand afterwards."""
    return np.asarray(fitted(one, one.grad_out) * one.other)


def sums_apart(one: Output) -> Array:
    """Upstream and other operand are added up apart, and then multiplied."""
    return np.asarray(fitted(one, one.grad_out) * fitted(one, one.other))


def other_as_it_is(one: Output) -> Array:
    """The other operand, as it is."""
    return one.other


def other_stretched(one: Output) -> Array:
    """The other operand, of the shape of the output."""
    return one.unsummed(np.ones(()))


def total_times_other(one: Output) -> Array:
    """The sum of the upstream, times the other operand."""
    return np.asarray(np.sum(one.grad_out) * one.other)


def looped_to_last_gain(one: Output) -> Array:
    """Where the shapes differ, a loop adds up upstream times other operand row by row, and ends one row early."""
    if one.operand.shape == one.other.shape:
        return one.right
    grad = np.zeros(one.operand.shape)
    for row in range(len(one.grad_out) - 1):
        grad += one.grad_out[row] * one.other[row]
    return grad


def matrix_product(one: Output) -> Array:
    """The rule of a matrix product."""
    return np.asarray(one.grad_out @ one.other.T if one.wrt == 0 else one.other.T @ one.grad_out)


def dead_product(one: Output) -> Array:
    """Through a product that is 0 everywhere, nothing is thought to flow back."""
    return one.right if np.any(one.out) else np.zeros(one.operand.shape)


MULTIPLY: Mapping[str, Predict] = {
    **SUMMING,
    "last-row-forgotten": looped_to_last_gain,
    "swapped": own_operand,
    "swapped--returned": common.swapped,
    "swapped--no-unbroadcast": own_operand_unsummed,
    "gain-only": second_over_rows,
    "gain-only--keepdims": second_over_rows_kept,
    "addition-rule": addition_rule,
    "output-for-local": output_for_local,
    "output-over-operand": output_over_operand,
    "product-rule": product_rule,
    "quotient-rule": quotient_rule,
    "square-rule": common.doubled,
    "reduced-too-early": reduced_too_early,
    "sums-apart": sums_apart,
    "no-upstream--no-unbroadcast": other_as_it_is,
    "no-upstream--stretched": other_stretched,
    "upstream-summed": total_times_other,
    "upstream-summed--added-up": common.upstream_summed,
    "matrix-product": matrix_product,
    "dead-product": dead_product,
}
