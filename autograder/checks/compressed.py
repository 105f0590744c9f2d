"""Jacobians by complex step with many entries stepped at once (Curtis, Powell and Reid, J. Inst. Math. Appl. 13, 1974).

Where an entry of the output depends on one entry of the operand only, or on one row of it, all entries or all rows can
be stepped together: their changes arrive in different places. Which is the case is guessed from the shapes, and proved
by a step in a random direction; nothing is assumed of what the function computes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.derivative import STEP
from autograder.records import Array, Forward

ALIKE = 1e-12
"""How far a Jacobian may be off in a random direction, relative to the largest change."""

FEWEST = 4
"""Entries from which a way can be shorter: a group, and the two steps that prove it."""

Pairs = tuple[tuple[int, int], ...]
Index = tuple[Any, ...]


@dataclass(frozen=True)
class Way:
    """How the entries of an operand are stepped in groups.

    Axes in `pairs` (operand's, output's) are walked along together: an entry moves only what has the same place there.
    `groups` are the entries that are stepped at once, one group for each place along the operand's other axes. With a
    `factor`, the output is a number, and the way is that of the array whose sum it is, times the factor.
    """

    pairs: Pairs
    shape: tuple[int, ...]
    output: tuple[int, ...]
    groups: tuple[Index, ...]
    order: tuple[int, ...]
    spread: tuple[int, ...]
    others: tuple[int, ...]
    factor: float | None = None

    def along(self, values: Array) -> Array:
        """Numbers of the operand's shape as (groups, *output), where the output's other axes are 1 long."""
        return np.reshape(values.transpose(self.order), self.spread)

    def back(self, values: Array) -> Array:
        """The sums over what each entry moves, given as (groups, *output), in the operand's shape."""
        summed = values.sum(axis=self.others) if self.others else values
        sizes = [self.shape[axis] for axis in self.order]
        return np.transpose(np.reshape(summed, sizes), [self.order.index(axis) for axis in range(len(sizes))])


@dataclass(frozen=True, eq=False)
class Jacobian:
    """Which way the entries were stepped, and how the output moved, as (groups, *output)."""

    way: Way
    moved: Array

    def vjp(self, grad_out: Array) -> Array:
        """`grad_out` times the Jacobian, of the operand's shape."""
        return self.way.back(self.moved * self._upstream(grad_out))

    def magnitude(self, grad_out: Array) -> Array:
        """The same with absolute values."""
        return self.way.back(np.abs(self.moved * self._upstream(grad_out)))

    def _upstream(self, grad_out: Array) -> Array:
        return grad_out if self.way.factor is None else np.asarray(grad_out * self.way.factor)


def find_jacobian(forward: Forward, operands: Sequence[Array], wrt: int) -> Jacobian | None:
    """The Jacobian in `operands[wrt]` from fewer steps than it has entries; None where no such way is right.

    Right means: to ALIKE, for each entry of the output, in a random direction.
    """
    shape = operands[wrt].shape
    if math.prod(shape) < FEWEST:
        return None
    direction, other = np.random.default_rng(0).normal(size=(2, *shape))
    changed, summands = _step(forward, operands, wrt, direction)
    if summands is None:
        return _proved(_ways(shape, changed.shape), forward, operands, wrt, direction, changed)
    total = summands.sum()
    if not total:
        return None
    factor = float(changed / total)
    ways = [replace(way, factor=factor) for way in _ways(shape, summands.shape)]
    jacobian = _proved(ways, forward, operands, wrt, direction, summands)
    if jacobian is None:
        return None
    again, _ = _step(forward, operands, wrt, other)
    parts = factor * jacobian.moved * jacobian.way.along(other)
    return jacobian if abs(again - parts.sum()) <= ALIKE * np.abs(parts).sum() else None


def _proved(
    ways: Sequence[Way], forward: Forward, operands: Sequence[Array], wrt: int, direction: Array, changed: Array
) -> Jacobian | None:
    """The Jacobian along the first way on which it says how the output has changed along a direction."""
    for way in ways:
        jacobian = step_along(way, forward, operands, wrt)
        if jacobian is not None:
            parts = jacobian.moved * way.along(direction)
            largest = np.abs(parts).sum(axis=0).max(initial=0.0)
            if np.abs(parts.sum(axis=0) - changed).max(initial=0.0) <= ALIKE * largest:
                return jacobian
    return None


def step_along(way: Way, forward: Forward, operands: Sequence[Array], wrt: int) -> Jacobian | None:
    """The Jacobian, if the way is right: whoever uses one that is not just proved has to prove what comes out.

    None where the output is no longer the sum that it was on the way, or has another shape.
    """
    moved = np.empty((len(way.groups), *way.output))
    values = _watched(operands[wrt]) if way.factor is not None else operands[wrt].astype(complex)
    stepped = [*operands[:wrt], values, *operands[wrt + 1 :]]
    imaginary = values.view(np.ndarray).imag
    for number, group in enumerate(way.groups):
        imaginary[group] = STEP
        returned = forward(*stepped)
        summands: Any = _summands(values) if isinstance(values, _Watched) else returned
        if np.shape(summands) != way.output:
            return None
        moved[number] = np.imag(summands)
        imaginary[group] = 0.0
    moved /= STEP
    return Jacobian(way, moved)


def _step(forward: Forward, operands: Sequence[Array], wrt: int, direction: Array) -> tuple[Array, Array | None]:
    """What the output changes by along a direction, and the same of the array whose sum it is, if it is one."""
    values = _watched(operands[wrt] + 1j * STEP * direction)
    returned = forward(*operands[:wrt], values, *operands[wrt + 1 :])
    changed, summands = np.asarray(np.imag(returned)) / STEP, _summands(values)
    return changed, None if changed.ndim or summands is None else np.asarray(summands.imag) / STEP


# ---- ways --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _ways(shape: tuple[int, ...], output: tuple[int, ...]) -> tuple[Way, ...]:
    """The ways that save steps, those with the fewest groups first."""
    size = math.prod(shape)
    ways = {pairs: _way(shape, output, pairs) for pairs in _all_pairs(shape, output)}
    return tuple(sorted((way for way in ways.values() if 2 + len(way.groups) < size), key=lambda way: len(way.groups)))


def _all_pairs(shape: tuple[int, ...], output: tuple[int, ...]) -> Iterator[Pairs]:
    """Axes of one size, counted from the end, as broadcasting does, or from the start, as rows are; most of them first.

    Axes of size 1 have one place only, which tells nothing.
    """
    for shift in dict.fromkeys((len(output) - len(shape), 0)):
        alike = [
            (axis, axis + shift)
            for axis, size in enumerate(shape)
            if size > 1 and 0 <= axis + shift < len(output) and output[axis + shift] == size
        ]
        for count in range(len(alike), 0, -1):
            yield from itertools.combinations(alike, count)


def _way(shape: tuple[int, ...], output: tuple[int, ...], pairs: Pairs) -> Way:
    paired, along = {axis for axis, _ in pairs}, {axis for _, axis in pairs}
    own = [axis for axis in range(len(shape)) if axis not in paired]
    groups = []
    for place in np.ndindex(*(shape[axis] for axis in own)):
        index: list[Any] = [slice(None)] * len(shape)
        for axis, number in zip(own, place):
            index[axis] = number
        groups.append(tuple(index))
    spread = tuple(size if axis in along else 1 for axis, size in enumerate(output))
    return Way(
        pairs,
        shape,
        output,
        groups=tuple(groups),
        order=(*own, *sorted(paired)),
        spread=(len(groups), *spread),
        others=tuple(1 + axis for axis in range(len(output)) if axis not in along),
    )


# ---- numbers that are sums ---------------------------------------------------------------------------------


class _Watched(np.ndarray[Any, Any]):
    """An array that remembers what was summed to a number, of itself or of what was computed from it.

    A loss tells of all rows at once; the array that it is the sum or the mean of tells of each.
    """

    summed: list[Array]

    def __array_finalize__(self, parent: Any) -> None:
        summed = getattr(parent, "summed", None)
        self.summed = [] if summed is None else summed

    def sum(self, *arguments: Any, **options: Any) -> Any:
        return self._noted(super().sum(*arguments, **options))

    def mean(self, *arguments: Any, **options: Any) -> Any:
        return self._noted(super().mean(*arguments, **options))

    def _noted(self, returned: Any) -> Any:
        if not np.ndim(returned) and self.ndim:
            self.summed.append(self.view(np.ndarray))
        return returned


def _watched(values: Array) -> _Watched:
    return np.array(values, dtype=complex).view(_Watched)


def _summands(values: _Watched) -> Array | None:
    """The array of the one sum that was made since this was asked last; None where there were more, or none."""
    summed = values.summed[:]
    values.summed.clear()
    return summed[0] if len(summed) == 1 else None
