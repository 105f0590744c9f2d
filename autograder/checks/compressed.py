"""Jacobians by complex step with many entries stepped at once (Curtis, Powell and Reid, J. Inst. Math. Appl. 13, 1974).

Where an entry of the output depends on one entry of the operand only, or on one row of it, all entries or all rows can
be stepped together: their changes arrive in different places. Which is the case is guessed from the shapes, and proved
by a step in a random direction; nothing is assumed of what the function computes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.derivative import STEP
from autograder.records import Array, Forward

ALIKE = 1e-12
"""How far a Jacobian may be off in a random direction, relative to the largest change."""

PROOF = 1
"""Steps that a proof takes."""

FEWEST = PROOF + 2
"""Entries from which a way can be shorter."""

Pairs = tuple[tuple[int, int], ...]
Index = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Way:
    """How the entries of an operand are stepped in groups: those of a group together.

    An entry moves only what has the same place along some axes of the output; `others` are the other ones. Numbers of
    the operand's shape have their axes put in `order`, and then the shape `spread`: (groups, *output), with 1 for each
    of the others. `back_order` leads back to the operand's own order, and `sizes` are those of its axes in `order`.
    `direction` is a random one, spread.
    """

    output: tuple[int, ...]
    groups: tuple[Index, ...]
    order: tuple[int, ...]
    spread: tuple[int, ...]
    others: tuple[int, ...]
    sizes: tuple[int, ...]
    back_order: tuple[int, ...]
    direction: Array

    def along(self, values: Array) -> Array:
        """Numbers of the operand's shape, spread."""
        return np.reshape(values.transpose(self.order), self.spread)

    def back(self, values: Array) -> Array:
        """The sums over what each entry moves, given as (groups, *output), in the operand's shape."""
        summed: Array = np.add.reduce(values, axis=self.others) if self.others else values
        return np.transpose(summed.reshape(self.sizes), self.back_order)


@dataclass(frozen=True, eq=False)
class Jacobian:
    """Which way the entries were stepped, and how the output moved, as (groups, *output).

    With a `factor`, the output is a number, and this is of the array whose sum it is, times the factor.
    """

    way: Way
    moved: Array
    factor: float | None = None

    def vjp(self, grad_out: Array) -> Array:
        """`grad_out` times the Jacobian, of the operand's shape."""
        return self.way.back(self._weighted(grad_out))

    def vjp_and_magnitude(self, grad_out: Array) -> tuple[Array, Array]:
        """The same, and once more with absolute values."""
        weighted = self._weighted(grad_out)
        return self.way.back(weighted), self.way.back(np.abs(weighted))

    def _weighted(self, grad_out: Array) -> Array:
        return self.moved * (grad_out if self.factor is None else grad_out * self.factor)


def find_jacobian(forward: Forward, operands: Sequence[Array], wrt: int) -> Jacobian | None:
    """The Jacobian in `operands[wrt]` from fewer steps than it has entries; None where no such way is right.

    Right means: to ALIKE, in a random direction.
    """
    values = operands[wrt]
    if values.size < FEWEST:
        return None
    stepped: Array = values + 1j * STEP * _directions(values.shape)[0]
    changed = np.asarray(np.imag(forward(*operands[:wrt], stepped, *operands[wrt + 1 :]))) / STEP
    if not changed.ndim:
        return _find_jacobian_of_sum(forward, operands, wrt, changed)
    for way in _ways(values.shape, changed.shape):
        jacobian = _step_along(way, None, forward, operands, wrt)
        if jacobian is not None and _is_proved(jacobian.moved * way.direction, changed):
            return jacobian
    return None


def step_again(jacobian: Jacobian, forward: Forward, operands: Sequence[Array], wrt: int) -> Jacobian | None:
    """The Jacobian at other operands of the same shapes, found on the same way. Whoever uses it has to prove it.

    None where the output is no longer the sum that it was, or has another shape.
    """
    return _step_along(jacobian.way, jacobian.factor, forward, operands, wrt)


def _step_along(
    way: Way, factor: float | None, forward: Forward, operands: Sequence[Array], wrt: int
) -> Jacobian | None:
    moved = np.empty((len(way.groups), *way.output))
    values = operands[wrt].astype(complex) if factor is None else _watched(operands[wrt])
    stepped = [*operands[:wrt], values, *operands[wrt + 1 :]]
    imaginary = values.view(np.ndarray).imag
    for number, group in enumerate(way.groups):
        imaginary[group] = STEP
        returned: Any = forward(*stepped)
        if isinstance(values, _Watched):
            returned = _summands(values)
        if np.shape(returned) != way.output:
            return None
        moved[number] = returned.imag
        imaginary[group] = 0.0
    moved /= STEP
    return Jacobian(way, moved, factor)


def _is_proved(parts: Array, changed: Array) -> bool:
    """Whether the parts, one for each group, add up to what changed."""
    off = (np.add.reduce(parts) - changed).reshape(-1)
    flat = parts.reshape(-1)
    return bool(off.dot(off) <= ALIKE**2 * flat.dot(flat))


@lru_cache(maxsize=1024)
def _directions(shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Two random ones. Numbers of the same size, so that no entry is hidden behind others."""
    first, second = np.random.default_rng(0).uniform(0.5, 1.5, size=(2, *shape))
    return np.asarray(first), np.asarray(second)


# ---- ways --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _ways(shape: tuple[int, ...], output: tuple[int, ...]) -> tuple[Way, ...]:
    """The ways that save steps, those with the fewest groups first."""
    ways = [_way(shape, output, pairs) for pairs in dict.fromkeys(_all_pairs(shape, output))]
    fewer = [way for way in ways if PROOF + len(way.groups) < math.prod(shape)]
    return tuple(sorted(fewer, key=lambda way: len(way.groups)))


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
    """The way on which axes of the operand and of the output are walked along in pairs."""
    paired, along = [axis for axis, _ in pairs], {axis for _, axis in pairs}
    own = [axis for axis in range(len(shape)) if axis not in paired]
    groups = []
    for place in itertools.product(*(range(shape[axis]) for axis in own)):
        index: list[Any] = [slice(None)] * len(shape)
        for axis, number in zip(own, place):
            index[axis] = number
        groups.append(tuple(index))
    order = (*own, *paired)
    spread = (len(groups), *(size if axis in along else 1 for axis, size in enumerate(output)))
    return Way(
        output,
        tuple(groups),
        order,
        spread,
        others=tuple(1 + axis for axis in range(len(output)) if axis not in along),
        sizes=tuple(shape[axis] for axis in order),
        back_order=tuple(order.index(axis) for axis in range(len(shape))),
        direction=_directions(shape)[0].transpose(order).reshape(spread),
    )


# ---- numbers that are sums ---------------------------------------------------------------------------------


def _find_jacobian_of_sum(forward: Forward, operands: Sequence[Array], wrt: int, changed: Array) -> Jacobian | None:
    """The Jacobian of a number, by way of the array whose sum it is, up to a factor."""
    shape = operands[wrt].shape
    second = _directions(shape)[1]
    again, summands = _step_watched(forward, operands, wrt, second)
    total = 0.0 if summands is None else np.add.reduce(summands, axis=None)
    if summands is None or not total:
        return None
    factor = float(again / total)
    for way in _ways(shape, summands.shape):
        jacobian = _step_along(way, factor, forward, operands, wrt)
        if jacobian is not None and _is_proved(jacobian.moved * way.along(second), summands):
            # That it is this sum in the first direction, too: the factor is the same for all.
            parts = (factor * jacobian.moved * way.direction).reshape(-1)
            return jacobian if _is_proved(parts, changed) else None
    return None


def _step_watched(
    forward: Forward, operands: Sequence[Array], wrt: int, direction: Array
) -> tuple[Array, Array | None]:
    """What the number changes by along a direction, and what the array changes by whose sum it is, if it is one."""
    values = _watched(operands[wrt] + 1j * STEP * direction)
    returned = forward(*operands[:wrt], values, *operands[wrt + 1 :])
    summands = _summands(values)
    return np.asarray(np.imag(returned)) / STEP, None if summands is None else np.asarray(summands.imag) / STEP


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
