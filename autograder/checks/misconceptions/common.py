"""Mistakes that can happen in any operation: transformations of the right gradient."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from autograder.checks.misconceptions.output import Output, Predict
from autograder.records import Array


def sign(one: Output) -> Array:
    return -one.right


def no_upstream(one: Output) -> Array:
    return one.vjp(np.ones(()))


def upstream_squared(one: Output) -> Array:
    return one.vjp(one.grad_out**2)


def upstream_summed(one: Output) -> Array:
    return one.vjp(np.sum(one.grad_out))


ROWS: Mapping[str, Predict] = {
    "sign": sign,
    "no-upstream": no_upstream,
    "upstream-squared": upstream_squared,
    "upstream-summed": upstream_summed,
}
