"""How the numbers of a case are drawn, by name: what an assignment may write after `draw =`.

A check is as good as the numbers it sees. The upstream gradient is always random, never ones, and has both signs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from autograder.records import Array

Draw = Callable[[np.random.Generator, tuple[int, ...]], Array]


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Of both signs, or positive where there is one number only: an operation such as relu is never dead."""
    values = np.asarray(rng.normal(size=shape))
    if np.count_nonzero(values < 0) == values.size or (values.size > 1 and np.count_nonzero(values > 0) == values.size):
        values.flat[0] *= -1.0
    return values


def _wide(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """From -9 to 9: sigmoid bends and flattens, but does not yet saturate.

    A third of the numbers, and at least one, lies where the slope is large: it gives the others their scale. Near 9
    alone, a right answer in float32 keeps four digits.
    """
    values = rng.uniform(-9.0, 9.0, size=shape).reshape(-1)
    steep = rng.permutation(values.size)[: 1 + values.size // 3]
    values[steep] = rng.uniform(-2.0, 2.0, size=steep.size)
    return values.reshape(shape)


def _some_zeros(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """At least one zero, and not only zeros: whoever divides by an operand is found out."""
    values = rng.normal(size=shape).reshape(-1)
    if values.size > 1:
        zeros = rng.permutation(values.size)[: max(1, values.size // 3)]
        values[zeros] = 0.0
    return values.reshape(shape)


def _saturated(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Ordinary numbers among +1000 and -1000, where sigmoid is exactly 1 or 0."""
    values = rng.uniform(-4.0, 4.0, size=shape).reshape(-1)
    places = np.append(0, 1 + rng.permutation(values.size - 1))  # the first too: some guess a dtype from it
    values[places[0::3]] = 1000.0
    values[places[1::3]] = -1000.0
    return values.reshape(shape)


def _huge(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Logits up to 1000 in size, in rows that no single number can shift into range.

    In even rows the largest is 1000 and the mean is below 0, so neither exp(logits) nor a shift by the mean
    survives; odd rows lie 1200 lower, so a shift by the largest of the whole batch does not either. In every
    row the probability of the smallest logit is exactly 0.
    """
    rows = rng.uniform(-900.0, -400.0, size=shape)
    for row, logits in enumerate(rows):
        highest, lowest = rng.permutation(logits.size)[:2]
        logits[highest] = 1000.0 if row % 2 == 0 else -200.0
        logits[lowest] = -1000.0
    return rows


def _huge_and_close(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return 1000.0 + rng.normal(size=shape)


def _far_below_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return -1000.0 + rng.normal(size=shape)


def _spread(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """In each row one class has a probability of about 1e-6: an epsilon of 1e-10 in a denominator shows there."""
    rows = rng.uniform(-4.0, -2.0, size=shape)
    for logits in rows:
        highest, lowest = rng.permutation(logits.size)[:2]
        logits[highest] = 0.0
        logits[lowest] = -13.3
    return rows + rng.normal(size=(shape[0], 1))


def _zeros(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return np.zeros(shape)


def _large(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Beyond the limits at which gradients are usually clipped."""
    return 30.0 * draw_upstream(rng, shape)


def _tiny(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """The gradients of a trained model: absolute tolerances and rounded decimals swallow them."""
    return 1e-5 * rng.normal(size=shape)


def _about_a_hundred(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Beyond what float32 can exponentiate (88), and not far beyond: a float32 number of 300 has only 5 digits behind
    the point, and a right answer through log-sum-exp would lose them."""
    return np.asarray(rng.uniform(95.0, 125.0, size=shape) * rng.choice([-1.0, 1.0], size=shape))


def _learning_rate(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.uniform(0.05, 0.5, size=shape)


def _small_learning_rate(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.uniform(0.001, 0.002, size=shape)


def _large_learning_rate(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.uniform(1.5, 3.0, size=shape)


DRAWS: Mapping[str, Draw] = {
    "normal": _normal,
    "wide": _wide,
    "some zeros": _some_zeros,
    "saturated": _saturated,
    "huge": _huge,
    "huge and close": _huge_and_close,
    "far below zero": _far_below_zero,
    "spread": _spread,
    "about a hundred": _about_a_hundred,
    "zeros": _zeros,
    "large": _large,
    "tiny": _tiny,
    "learning rate": _learning_rate,
    "small learning rate": _small_learning_rate,
    "large learning rate": _large_learning_rate,
}

ROW_DRAWS = frozenset({"huge", "spread"})
"""Draws that need a matrix with at least two columns."""

LABEL_DRAWS = frozenset({"mixed", "last class absent", "repeated", "least likely"})
"""How integer class labels can be drawn. "least likely" needs the logits before them."""


def draw_labels(
    rng: np.random.Generator, shape: tuple[int, ...], classes: int, draw: str, logits: Array | None
) -> Array:
    if draw == "least likely" and logits is not None:
        return np.asarray(np.argmin(logits, axis=-1))
    if draw == "last class absent":
        return rng.integers(0, classes - 1, size=shape)
    if draw == "repeated":
        pair = rng.permutation(classes)[:2]
        labels = rng.permutation(np.resize(pair, shape[0]))
        return labels.reshape(shape)
    labels = rng.integers(0, classes, size=shape)
    if labels.size > 1:  # the last class occurs, and so does another one
        first, second = rng.permutation(labels.size)[:2]
        labels.flat[first] = classes - 1
        labels.flat[second] = rng.integers(0, classes - 1)
    if logits is not None and np.array_equal(labels, np.argmax(logits, axis=-1)):
        labels[0] = np.argmin(logits[0])  # huge logits that are all right leave no gradient to look at
    return labels


def draw_upstream(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Random, with an entry above 1 and, where there is room, one below -1. Never near 0; a single number never near 1.

    An upstream of almost nothing would leave its entry without a scale to be judged by.
    """
    values = rng.normal(size=shape).reshape(-1)
    values += np.copysign(0.2, values)
    places = rng.permutation(values.size)
    sign = (-1.0, 1.0)[rng.integers(0, 2)]
    values[places[0]] = sign * rng.uniform(1.3, 2.3)
    if values.size > 1:
        values[places[1]] = -sign * rng.uniform(1.3, 2.3)
    return values.reshape(shape)


def draw_whole_numbers(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> Array:
    """Small whole numbers without 0, 1 and -1, which hide mistakes; positive where dtype has no sign; or a mask."""
    if dtype == "bool":
        return rng.integers(0, 2, size=shape).astype(np.float64)
    positive = [2.0, 3.0, 4.0]
    return np.asarray(rng.choice(positive if dtype == "uint8" else [-4.0, -3.0, -2.0, *positive], size=shape))
