"""Mistakes that can happen in any operation: transformations of the right gradient."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from autograder.checks.misconceptions.output import Output, Predict
from autograder.records import Array


def sign(one: Output) -> Array:
    """The gradient points the other way."""
    return -one.right


def no_upstream(one: Output) -> Array:
    """The local gradient is the whole answer."""
    return one.vjp(np.ones(()))


def no_local(one: Output) -> Array:
    """The upstream is handed on as it is."""
    return one.grad_out


def output_returned(one: Output) -> Array:
    """The forward pass is computed, and its output returned."""
    return one.out


def upstream_squared(one: Output) -> Array:
    """The upstream is multiplied in twice."""
    return one.vjp(one.grad_out**2)


def upstream_summed(one: Output) -> Array:
    """The upstream is one number for the whole array."""
    return one.vjp(np.sum(one.grad_out))


def swapped(one: Output) -> Array | None:
    """Both gradients are right, and come back in the wrong order."""
    return one.vjp(wrt=1 - one.wrt) if len(one.operands) == 2 else None


def mean_for_sum(one: Output) -> Array:
    """What was used several times gets the average of its gradients."""
    return one.right * one.operand.size / max(one.out.size, one.operand.size)


def mean_over_rows(one: Output) -> Array | None:
    """The mean over the rows is taken here, where the loss has taken it."""
    return one.right / len(one.out) if one.out.ndim else None


def doubled(one: Output) -> Array:
    """A factor of 2 that nothing in the graph has."""
    return 2.0 * one.right


def halved(one: Output) -> Array:
    """A factor of one half that nothing in the graph has."""
    return one.right / 2.0


def squeezed_batch(one: Output) -> Array:
    """Axes of length 1 are squeezed away."""
    return np.asarray(np.squeeze(one.right))


def scalar_as_vector(one: Output) -> Array:
    """A single number comes back as a vector of length 1."""
    return np.atleast_1d(one.right)


def last_row_forgotten(one: Output) -> Array:
    """A loop over the rows ends one row early."""
    grad_out = one.grad_out.copy()
    if grad_out.ndim:
        grad_out[-1] = 0.0
    return one.vjp(grad_out)


ROWS: Mapping[str, Predict] = {
    "sign": sign,
    "no-upstream": no_upstream,
    "no-local": no_local,
    "output-returned": output_returned,
    "upstream-squared": upstream_squared,
    "upstream-summed": upstream_summed,
    "swapped": swapped,
    "mean-for-sum": mean_for_sum,
    "mean-for-sum--rows": mean_over_rows,
    "doubled": doubled,
    "halved": halved,
    "squeezed-batch": squeezed_batch,
    "scalar-as-vector": scalar_as_vector,
    "last-row-forgotten": last_row_forgotten,
}
