"""What is the matter with a shape: an axis too many, too long, gone, or in another place; only where it is exact."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from autograder.records import Array

Shape = tuple[int, ...]


def axes_pattern(got: Shape, expected: Shape, summed_over: Sequence[int] = ()) -> dict[str, Any]:
    """The facts of what is the matter with the shape `got`; {} where several things could be.

    `summed_over` are the axes over which the numbers, added up, are right: they decide where the shapes do not.
    """
    if len(got) > len(expected):
        return _axes_too_many(got, expected, summed_over)
    if len(got) == len(expected):
        return _axes_of_another_length(got, expected)
    gone = list(_ways_to_drop(expected, len(expected) - len(got), got))
    if any(all(expected[axis] == 1 for axis in axes) for axes in gone):
        return {"pattern": "ones-gone" if len(gone[0]) > 1 else "one-gone"}
    if not got:
        return {"pattern": "one-number"}
    if len(got) == 1 and got[0] == math.prod(expected):
        return {"pattern": "flat"}
    if len(gone) == 1:
        return {"pattern": "axis-gone" if len(gone[0]) == 1 else "axes-gone", "axes": _in_words(gone[0])}
    return {}


def _axes_too_many(got: Shape, expected: Shape, summed_over: Sequence[int]) -> dict[str, Any]:
    ways = list(_ways_to_drop(got, len(got) - len(expected), expected))
    if len(ways) > 1:
        ways = [axes for axes in ways if axes == tuple(summed_over)]
    if len(ways) != 1:
        return {}
    return {"pattern": "extra-axis" if len(ways[0]) == 1 else "extra-axes", "axes": _in_words(ways[0])}


def _axes_of_another_length(got: Shape, expected: Shape) -> dict[str, Any]:
    # An axis of length 1 may have come to its place in many ways.
    if len(got) > 1 and got == expected[::-1] and 1 not in expected:
        return {"pattern": "transposed"}
    other = tuple(axis for axis, (one, wanted) in enumerate(zip(got, expected)) if one != wanted)
    if other and all(expected[axis] == 1 for axis in other):
        return {"pattern": "long-axis" if len(other) == 1 else "long-axes", "axes": _in_words(other)}
    return {}


def _ways_to_drop(shape: Shape, count: int, wanted: Shape) -> Iterator[tuple[int, ...]]:
    """The sets of `count` axes without which `shape` is `wanted`."""
    for axes in combinations(range(len(shape)), count):
        if tuple(size for axis, size in enumerate(shape) if axis not in axes) == wanted:
            yield axes


def _in_words(axes: Sequence[int]) -> str:
    return ", ".join(map(str, axes))


def stretched_axes(got: Shape, expected: Shape) -> tuple[int, ...]:
    """The axes in which broadcasting stretches `expected` to `got`; () where it does not."""
    gap = len(got) - len(expected)
    if gap < 0 or any(wanted not in (1, one) for one, wanted in zip(got[gap:], expected)):
        return ()
    return tuple(axis for axis, size in enumerate(got) if axis < gap or (expected[axis - gap] == 1 and size != 1))


def summed_up(got: Array, expected: Array, near: float) -> Array | None:
    """`got`, added up over the axes in which `expected` was stretched to it; None where that is not the expected."""
    axes = stretched_axes(got.shape, expected.shape)
    if not axes:
        return None
    with np.errstate(all="ignore"):
        summed = np.asarray(got.sum(axis=axes)).reshape(expected.shape)
        return summed if bool((np.abs(summed - expected) <= near).all()) else None
