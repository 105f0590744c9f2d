"""Mistakes with the product of two matrices."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from autograder.checks.misconceptions.output import Output, Predict
from autograder.records import Array


def _product(one: Output, upstream: Array, other: Array) -> Array:
    """The two factors on the sides on which a right answer has them: the upstream left for a, and right for b."""
    return np.asarray(upstream @ other if one.wrt == 0 else other @ upstream)


def _added_up(one: Output) -> int:
    """The axis of the upstream over which the gradient is a sum: columns for a, rows for b."""
    return 1 - one.wrt


def _term(one: Output, index: int) -> Array:
    """One term of the sum that the gradient is."""
    upstream = np.zeros(one.grad_out.shape)
    place = np.s_[index, :] if _added_up(one) == 0 else np.s_[:, index]
    upstream[place] = one.grad_out[place]
    return one.vjp(upstream)


# ---- which factors, in which order, which way round ----------------------------------------------------------


def missing_transpose(one: Output) -> Array:
    """The other operand is multiplied as it is."""
    return _product(one, one.grad_out, one.other)


def fits_by_shape(one: Output) -> Array | None:
    """The other operand is transposed only where the shapes would not fit as it is."""
    fits = one.other.shape[one.wrt] == one.grad_out.shape[_added_up(one)]
    return missing_transpose(one) if fits else None


def swapped_order(one: Output) -> Array:
    """The upstream stands on the other side of the product."""
    return _product(one, one.other.T, one.grad_out)


def swapped_order_as_it_is(one: Output) -> Array:
    """The upstream stands on the other side, and nothing is transposed."""
    return _product(one, one.other, one.grad_out)


def transposed(one: Output) -> Array:
    """The gradient comes back with rows for columns."""
    return np.asarray(one.right.T)


def reshape_for_transpose(one: Output) -> Array:
    """reshape is taken for a transpose of the other operand."""
    return _product(one, one.grad_out, one.other.reshape(one.other.shape[::-1]))


def forced_shape(one: Output) -> Array:
    """The transposed gradient is reshaped until it fits."""
    return np.asarray(one.right.T.reshape(one.right.shape))


def swapped(one: Output) -> Array:
    """The gradients come back in the other order."""
    return one.vjp(wrt=1 - one.wrt)


def swapped_operands(one: Output) -> Array:
    """The gradient is made with its own operand, with upstream transposed to make it fit."""
    return np.asarray(one.vjp(wrt=1 - one.wrt).T)


def swapped_operands_in_place(one: Output) -> Array:
    """The gradient is made with its own operand, transposed."""
    return _product(one, one.grad_out, one.operand.T)


def swapped_operands_as_they_are(one: Output) -> Array:
    """The gradient is made with its own operand, and nothing is transposed."""
    return _product(one, one.grad_out, one.operand)


# ---- another kind of product ---------------------------------------------------------------------------------


def elementwise(one: Output) -> Array:
    """Upstream times the other operand, entry by entry."""
    return one.grad_out * one.other


def elementwise_transposed(one: Output) -> Array:
    """Upstream times the other operand transposed, entry by entry."""
    return np.asarray(one.grad_out * one.other.T)


def outer_product(one: Output) -> Array:
    """The outer product of all entries, as for one example."""
    return np.outer(one.grad_out, one.other) if one.wrt == 0 else np.outer(one.other, one.grad_out)


def sums_apart(one: Output) -> Array:
    """Both factors are summed first, and their sums multiplied."""
    upstream = np.sum(one.grad_out, axis=_added_up(one), keepdims=True)
    return _product(one, upstream, np.sum(one.other, axis=_added_up(one), keepdims=True).T)


# ---- only some of the terms ----------------------------------------------------------------------------------


def first_slice(one: Output) -> Array:
    """Only the first term of the sum is taken."""
    return _term(one, 0)


def overwrites_instead_of_adds(one: Output) -> Array:
    """Each term of the sum takes the place of the one before, and the last stays."""
    return _term(one, -1)


def constant_operand(one: Output) -> Array:
    """The operand is taken for a constant."""
    return np.zeros(one.operand.shape)


# ---- something in place of the upstream ----------------------------------------------------------------------


def no_upstream(one: Output) -> Array:
    """The other operand, transposed, and no upstream."""
    return np.asarray(one.other.T)


def no_upstream_as_it_is(one: Output) -> Array:
    """The other operand as it is, and no upstream."""
    return one.other


def no_upstream_averaged(one: Output) -> Array:
    """The other operand, transposed and divided by the number of rows, and no upstream."""
    return np.asarray(one.other.T / len(one.out))


def upstream_ones(one: Output) -> Array:
    """Ones stand for the upstream."""
    return one.vjp(np.ones(()))


def upstream_ones_averaged(one: Output) -> Array:
    """Ones divided by the number of rows stand for the upstream, as from a mean."""
    return one.vjp(np.ones(()) / len(one.out))


def output_for_upstream(one: Output) -> Array:
    """The output a @ b stands for the upstream."""
    return one.vjp(one.out)


# ---- something done besides ----------------------------------------------------------------------------------


def mean_over_rows(one: Output) -> Array:
    """The mean over the examples is taken here, where the loss has taken it."""
    return one.right / len(one.out)


def mean_over_columns(one: Output) -> Array:
    """Columns are taken for examples, and the mean taken over them."""
    return np.asarray(one.right / one.out.shape[1])


def mean_over_entries(one: Output) -> Array:
    """The mean over all entries of the output is taken here."""
    return one.right / one.out.size


def scaled_by(lr: float) -> Predict:
    """The gradient is multiplied by the learning rate already."""

    def learning_rate(one: Output) -> Array:
        return lr * one.right

    return learning_rate


def decayed_by(decay: float) -> Predict:
    """The slope of a penalty on large weights is added."""

    def weight_decay(one: Output) -> Array:
        return one.right + decay * one.operand

    return weight_decay


ROWS: Mapping[str, Predict] = {
    "missing-transpose": missing_transpose,
    # After the one above, which ends in an exception where this one is right: exceptions are no answers to explain.
    "fits-by-shape": fits_by_shape,
    "swapped-order": swapped_order,
    "swapped-order--as-it-is": swapped_order_as_it_is,
    "transposed": transposed,
    "reshape-for-transpose": reshape_for_transpose,
    "forced-shape": forced_shape,
    "swapped": swapped,
    "swapped--operands": swapped_operands,
    "swapped--in-place": swapped_operands_in_place,
    "swapped--as-they-are": swapped_operands_as_they_are,
    "elementwise": elementwise,
    "elementwise--transposed": elementwise_transposed,
    "outer-product": outer_product,
    "sums-apart": sums_apart,
    "first-slice": first_slice,
    "overwrites-instead-of-adds": overwrites_instead_of_adds,
    "constant-operand": constant_operand,
    "no-upstream": no_upstream,
    "no-upstream--as-it-is": no_upstream_as_it_is,
    "no-upstream--averaged": no_upstream_averaged,
    "upstream-ones": upstream_ones,
    "upstream-ones--averaged": upstream_ones_averaged,
    "output-for-upstream": output_for_upstream,
    "mean-for-sum": mean_over_rows,
    "mean-for-sum--columns": mean_over_columns,
    "mean-for-sum--entries": mean_over_entries,
    **{f"learning-rate--{lr}": scaled_by(lr) for lr in (0.1, 0.01, 0.001)},
    **{f"weight-decay--{decay}": decayed_by(decay) for decay in (0.0001, 0.001, 0.01, 0.02, 0.1, 0.5, 1.0)},
}
