"""Mistakes in measuring a slope.

A row does what the mistake does to the right gradient, or really takes the differences of the function in question.
What depends on the step stands here once for each usual step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from autograder.checks.misconceptions.output import Output, Predict
from autograder.records import Array


def _f(one: Output, x: Array) -> float:
    """The function that is differentiated."""
    return float(np.sum(one.grad_out * one.forward(*_with(one, x))))


def _with(one: Output, x: Array) -> tuple[Array, ...]:
    return (*one.operands[: one.wrt], x, *one.operands[one.wrt + 1 :])


def _around(one: Output, h: float, dtype: type[np.floating] = np.float64) -> tuple[Array, float, Array]:
    """The values of f with each entry of x moved up by h, of f at x itself, and with each entry moved down."""
    x = one.operand.astype(dtype)
    step = dtype(h)
    plus, minus = np.empty(x.shape), np.empty(x.shape)
    for at in np.ndindex(x.shape):
        old = x[at]
        x[at] = old + step
        plus[at] = _f(one, x)
        x[at] = old - step
        minus[at] = _f(one, x)
        x[at] = old
    return plus, _f(one, x), minus


def _slope(one: Output, x: Array, at: tuple[int, ...]) -> float:
    """The right slope of one entry, but at another x."""
    return float(one.vjp(None, *_with(one, x))[at])


def no_slope(one: Output) -> Array:
    """f is asked at one point twice, or its change is not divided by the small step: nothing, or next to nothing."""
    return np.zeros(one.operand.shape)


def all_at_once(one: Output) -> Array:
    """All entries move together, and each gets the slope of that."""
    return np.full(one.operand.shape, one.right.sum())


def all_at_once_one_number(one: Output) -> Array:
    """All entries move together, and the slope of that comes back."""
    return np.asarray(one.right.sum())


def average(h: float) -> Predict:
    """The two values are added, not subtracted."""
    return lambda one: np.full(one.operand.shape, _f(one, one.operand) / h)


def value_of_f(one: Output) -> Array:
    """The two values are averaged, or the second one has nearly vanished: that is the value of f itself."""
    return np.full(one.operand.shape, _f(one, one.operand))


def second_value_divided(h: float) -> Predict:
    """Only the second value is divided by the two steps."""
    return lambda one: _f(one, one.operand) * (1 - 1 / (2 * h)) + one.right * (0.5 + h)


def second_value_over_one_step(h: float) -> Predict:
    """Only the second value is divided, by one step."""
    return lambda one: _f(one, one.operand) * (1 - 1 / h) + one.right


def vectors_only(one: Output) -> Array:
    """One index is taken for the whole place, so that whole rows move together."""
    return np.array([np.full(row.shape, row.sum()) for row in one.right])


def axes_for_entries(one: Output) -> Array:
    """There are as many rounds as x has axes, and in each a whole row moves."""
    slopes = np.zeros(one.operand.shape)
    for place in range(slopes.ndim):
        slopes[place] = one.right[place].sum()
    return slopes


def diagonal(one: Output) -> Array:
    """One index runs through all axes at the same time."""
    places = np.indices(one.operand.shape)
    return np.where(np.all(places == places[:1], axis=0), one.right, 0.0)


def only_first(one: Output) -> Array:
    """The loop ends after the first entry."""
    return _only(one, slice(1))


def only_last(one: Output) -> Array:
    """What was found before is wiped out in each round."""
    return _only(one, slice(-1, None))


def last_entry_forgotten(one: Output) -> Array:
    """The loop ends one entry early."""
    return _only(one, slice(-1))


def _only(one: Output, entries: slice) -> Array:
    kept = np.zeros(one.right.size)
    kept[entries] = one.right.reshape(-1)[entries]
    return kept.reshape(one.right.shape)


def entry_for_array(one: Output) -> Array:
    """f is given the single entry in place of the array."""
    slopes = [_slope(one, np.array(value), ()) for value in one.operand.reshape(-1)]
    return np.reshape(slopes, one.operand.shape)


def flat_copy(*layouts: str) -> Predict:
    """The entries of a flat version of x move: of a copy, where x has one of these layouts."""
    return lambda one: np.zeros(one.operand.shape) if one.arguments[-1].layout in layouts else one.right


def flattened(one: Output) -> Array:
    """The slopes come back in one row."""
    return one.right.reshape(-1)


def last_slope_only(one: Output) -> Array:
    """One number is overwritten in each round."""
    return np.asarray(one.right.reshape(-1)[-1])


def transposed(one: Output) -> Array:
    """The axes are in reverse order."""
    return np.transpose(one.right)


def cut_off(one: Output) -> Array:
    """The slopes go into an array of whole numbers."""
    return np.trunc(one.right)


def absolute(one: Output) -> Array:
    """The change of f is taken without its sign."""
    return np.abs(one.right)


def doubled(one: Output) -> Array:
    """The change over two steps is divided by one."""
    return 2.0 * one.right


def halved(one: Output) -> Array:
    """The change over one step is divided by two."""
    return one.right / 2.0


def running_total(one: Output) -> Array:
    """Each slope is added to those before it."""
    return np.cumsum(one.right).reshape(one.right.shape)


def left_at_zero(one: Output) -> Array:
    """The entry becomes h and -h in place of moving by them, and is left at 0."""
    x, slopes = one.operand.copy(), np.empty(one.operand.shape)
    for at in np.ndindex(x.shape):
        x[at] = 0.0
        slopes[at] = _slope(one, x, at)
    return slopes


def replaced_by_step(one: Output) -> Array:
    """The entry becomes h and -h in place of moving by them, and is put back."""
    slopes = np.empty(one.operand.shape)
    for at in np.ndindex(slopes.shape):
        x = one.operand.copy()
        x[at] = 0.0
        slopes[at] = _slope(one, x, at)
    return slopes


def result_over_x(one: Output) -> Array:
    """Each slope takes the place of its entry in x."""
    x: Array = one.operand.copy()
    for at in np.ndindex(x.shape):
        x[at] = _slope(one, x, at)
    return x


def relative_change(one: Output) -> Array:
    """The change is divided by the value of f as well."""
    return one.right / _f(one, one.operand)


def relative_step(one: Output) -> Array:
    """The step is a share of the entry, but the change is divided by the share alone."""
    return one.right * one.operand


def step_of_nothing(one: Output) -> Array:
    """The step is a share of the entry, also of an entry of 0: 0 is divided by 0."""
    return np.where(one.operand == 0, np.nan, one.right)


def clipped(limit: float) -> Predict:
    """Slopes beyond a limit are cut off."""
    return lambda one: np.clip(one.right, -limit, limit)


def unit_length(one: Output) -> Array:
    """The slopes are scaled to a common length of 1."""
    return np.asarray(one.right / np.sqrt(np.sum(one.right**2)))


def second_derivative(one: Output) -> Array:
    """The change of the slope is measured, not the slope."""
    plus, here, minus = _around(one, 1e-4)
    return (plus - 2 * here + minus) / 1e-4**2


def central(h: float, dtype: type[np.floating] = np.float64) -> Predict:
    """The right formula with a step that does not suit the numbers."""

    def predict(one: Output) -> Array:
        plus, _, minus = _around(one, h, dtype)
        return (plus - minus) / (2 * h)

    return predict


def forward(h: float) -> Predict:
    """The formula with one side only, with a step that does not suit the numbers."""

    def predict(one: Output) -> Array:
        plus, here, _ = _around(one, h)
        return (plus - here) / h

    return predict


def _in_sizes(name: str, row: Callable[[float], Predict], *sizes: float) -> dict[str, Predict]:
    """One mistake with some usual numbers in it, most often steps."""
    return {f"{name}-{size:g}": row(size) for size in sizes}


STEPS = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)

ROWS: Mapping[str, Predict] = {
    "no-slope": no_slope,
    "value-of-f": value_of_f,
    **_in_sizes("average-", average, *STEPS),
    **_in_sizes("lost-parentheses--two-steps", second_value_divided, *STEPS),
    **_in_sizes("lost-parentheses--one-step", second_value_over_one_step, *STEPS),
    "divided-by-one-step": doubled,
    "one-sided": halved,
    "absolute": absolute,
    "all-at-once": all_at_once,
    "all-at-once--one-number": all_at_once_one_number,
    "vectors-only": vectors_only,
    "axes-for-entries": axes_for_entries,
    "diagonal": diagonal,
    "entry-for-array": entry_for_array,
    "early-return": only_first,
    "reset-in-loop": only_last,
    "last-entry-forgotten": last_entry_forgotten,
    "flat-copy": flat_copy("F", "strided"),
    "flat-copy--in-memory-order": flat_copy("strided"),
    "flattened": flattened,
    "last-slope-only": last_slope_only,
    "transposed": transposed,
    "integer-result": cut_off,
    "running-total": running_total,
    "replaced-by-step": replaced_by_step,
    "replaced-by-step--left-at-zero": left_at_zero,
    "result-over-x": result_over_x,
    "relative-change": relative_change,
    "relative-step": relative_step,
    "step-of-nothing": step_of_nothing,
    **_in_sizes("clipped-", clipped, 1.0, 5.0, 10.0, 50.0),
    "unit-length": unit_length,
    "second-derivative": second_derivative,
    **_in_sizes("single-precision-", lambda h: central(h, np.float32), 1e-5, 1e-6, 1e-7, 1e-8),
    **_in_sizes("step-too-large--two-sided", central, 0.5, 1.0),
    **_in_sizes("step-too-large--one-sided", forward, 0.1, 0.5, 1.0, -0.1, -0.5, -1.0),
    **_in_sizes("step-too-small--two-sided", central, 1e-13, 1e-14, 1e-15, 1e-16, 1e-17),
    **_in_sizes("step-too-small--one-sided", forward, 1e-13, 1e-14, 1e-15, 1e-16, 1e-17),
}
