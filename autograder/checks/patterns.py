"""Which numbers of an output are wrong, in a few words, where a few words fit exactly; and one factor in all of them.

A description is given only if it holds in every failing case that has more than one number, and if no description of
another kind holds there, too. In small arrays, chance fits something soon.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.records import Array

ENOUGH = 8
"""How many numbers must have been looked at before a rule about the values of an argument is believed."""

CLOSE = 1e-3
"""How far two factors may be apart, relative to their size, to be the same one."""

BOUNDS = (10.0, 100.0)
"""Sizes of an argument's numbers beyond which a function may overflow or saturate."""

FACTORS: Mapping[str, float] = {"ln 2": math.log(2), "1/ln 2": 1 / math.log(2), "1/2": 0.5, "1/3": 1 / 3}
"""Factors that have a better name than their digits."""

POWERS: Mapping[str, float] = {"{}": 1.0, "1/{}": -1.0, "√{}": 0.5, "1/√{}": -0.5}
"""How a factor may follow a size."""


@dataclass(frozen=True)
class Size:
    """A length in a case: of the rows, the columns, or the whole ("count") of an argument, and its letter."""

    letter: str
    size: int
    part: str
    of: str


@dataclass(frozen=True, eq=False)
class Sight:
    """One output that is wrong, as far as it was looked at: at the flat `places` of an array of `shape`.

    `got`, `expected` and `wrong` have one entry for each place; a right number is at most `near` off. `beside` are the
    arguments that go with it entry by entry, of its shape; `labels` the class of each row, if there are classes.
    """

    shape: tuple[int, ...]
    places: Array
    got: Array
    expected: Array
    wrong: Array
    near: float
    beside: Mapping[str, Array] = field(default_factory=dict)
    labels: Array | None = None
    sizes: tuple[Size, ...] = ()

    @property
    def is_whole(self) -> bool:
        return self.places.size == math.prod(self.shape)


@dataclass(frozen=True, eq=False)
class Rule:
    """A description: its facts, what kind it is, and which entries it says are wrong (None where it says nothing)."""

    kind: str
    facts: Mapping[str, Any]
    mask: Callable[[Sight], Array | None]

    def fits(self, sight: Sight) -> bool:
        """Whether exactly the entries are wrong that it names, as far as they were looked at."""
        mask = self.mask(sight)
        return mask is not None and bool(np.array_equal(mask.reshape(-1)[sight.places], sight.wrong))


def pattern_of(told: Sight, others: Sequence[Sight]) -> dict[str, Any]:
    """The facts of the description that fits `told` and the other failing cases; {} where none is certain."""
    if not told.is_whole or not 0 < told.wrong.sum() < told.wrong.size:
        return {}
    sights = [told, *(sight for sight in others if sight.places.size > 1)]
    is_enough = sum(sight.places.size for sight in sights) >= ENOUGH
    rules = [*_rules_of_places(told), *_rules_of_labels(told), *(_rules_of_values(told) if is_enough else ())]
    fitting = [rule for rule in rules if all(rule.fits(sight) for sight in sights)]
    return dict(fitting[0].facts) if len({rule.kind for rule in fitting}) == 1 else {}


# ---- places ------------------------------------------------------------------------------------------------


def _first_row(shape: tuple[int, ...]) -> Array:
    mask = np.zeros(shape, dtype=bool)
    mask[:1] = True
    return mask


def _first_column(shape: tuple[int, ...]) -> Array:
    return np.asarray(_first_row(shape[::-1]).T)


def _diagonal(shape: tuple[int, ...]) -> Array:
    rows, columns = np.indices(shape)
    return np.asarray(rows == columns)


def _first_half(shape: tuple[int, ...]) -> Array:
    size = math.prod(shape)
    return np.asarray(np.arange(size) < size / 2).reshape(shape)


def _first_number(shape: tuple[int, ...]) -> Array:
    return np.asarray(np.arange(math.prod(shape)) == 0).reshape(shape)


MATRIX_PLACES: Mapping[str, Callable[[tuple[int, ...]], Array]] = {
    "first-row": _first_row,
    "last-row": lambda shape: _first_row(shape)[::-1],
    "first-column": _first_column,
    "last-column": lambda shape: _first_column(shape)[:, ::-1],
    "diagonal": _diagonal,
    "off-diagonal": lambda shape: ~_diagonal(shape),
}
"""Places in an array with rows and columns."""

PLACES: Mapping[str, Callable[[tuple[int, ...]], Array]] = {
    "first-number": _first_number,
    "last-number": lambda shape: np.flip(_first_number(shape)),
    "first-half": _first_half,
    "last-half": lambda shape: np.flip(_first_half(shape)),
}
"""Places in an array of one axis, or of one that counts."""


def _rules_of_places(told: Sight) -> Iterator[Rule]:
    long_axes = sum(size > 1 for size in told.shape)
    if len(told.shape) == 2 and long_axes == 2:
        for id, place in MATRIX_PLACES.items():
            yield Rule("place", {"pattern": id}, _in_matrices(place))
        index = np.unravel_index(told.places[told.wrong], told.shape)
        yield Rule("place", {"pattern": "row", "row": int(index[0][0])}, _one_line(0))
        yield Rule("place", {"pattern": "column", "column": int(index[1][0])}, _one_line(1))
    elif long_axes == 1 and math.prod(told.shape) > 2:
        for id, place in PLACES.items():
            if "half" not in id or math.prod(told.shape) % 2 == 0:
                yield Rule("place", {"pattern": id}, _in_lines(place))


def _in_matrices(place: Callable[[tuple[int, ...]], Array]) -> Callable[[Sight], Array | None]:
    return lambda sight: place(sight.shape) if len(sight.shape) == 2 else None


def _in_lines(place: Callable[[tuple[int, ...]], Array]) -> Callable[[Sight], Array | None]:
    return lambda sight: place(sight.shape) if sum(size > 1 for size in sight.shape) == 1 else None


def _one_line(axis: int) -> Callable[[Sight], Array | None]:
    """The one row or column that is wrong, wherever it is; None where several are."""

    def mask(sight: Sight) -> Array | None:
        if len(sight.shape) != 2:
            return None
        lines = np.unique(np.unravel_index(sight.places[sight.wrong], sight.shape)[axis])
        return np.indices(sight.shape)[axis] == lines[0] if lines.size == 1 else None

    return mask


# ---- labels and values -------------------------------------------------------------------------------------


def _rules_of_labels(told: Sight) -> Iterator[Rule]:
    if _is_label(told) is not None:
        yield Rule("label", {"pattern": "target"}, _is_label)
        yield Rule("label", {"pattern": "off-target"}, lambda sight: _inverted(_is_label(sight)))


def _is_label(sight: Sight) -> Array | None:
    """The entry of the target class in each row."""
    labels = sight.labels
    if labels is None or len(sight.shape) != 2 or labels.shape != sight.shape[:1]:
        return None
    return np.asarray(labels[:, None] == np.arange(sight.shape[1]))


def _inverted(mask: Array | None) -> Array | None:
    return None if mask is None else ~mask


VALUES: Mapping[str, Callable[[Array], Array]] = {
    "negative": lambda values: values < 0,
    "positive": lambda values: values > 0,
    "zero": lambda values: values == 0,
}

OUTPUT_VALUES: Mapping[str, Callable[[Array], Array]] = {
    "above-half": lambda values: values > 0.5,
    "below-half": lambda values: values < 0.5,
}
"""Only of `out`, which may be a probability."""


def _rules_of_values(told: Sight) -> Iterator[Rule]:
    for name in told.beside:
        for id, holds in {**VALUES, **(OUTPUT_VALUES if name == "out" else {})}.items():
            yield Rule(f"values of {name}", {"pattern": id, "argument": name}, _where(name, holds))
        for bound in BOUNDS:
            facts = {"pattern": "beyond", "argument": name, "bound": bound}
            yield Rule(f"values of {name}", facts, _where(name, _is_beyond(bound)))


def _where(name: str, holds: Callable[[Array], Array]) -> Callable[[Sight], Array | None]:
    return lambda sight: holds(sight.beside[name]) if name in sight.beside else None


def _is_beyond(bound: float) -> Callable[[Array], Array]:
    return lambda values: np.abs(values) > bound


# ---- one factor --------------------------------------------------------------------------------------------


def factor_of(told: Sight, others: Sequence[Sight]) -> dict[str, Any]:
    """The facts of the one factor between what came back and what is expected; {} where there is none for certain.

    A plain number must be the same in cases of two shapes; one that follows a size, in cases of two sizes.
    """
    sights = [told, *others]
    factors = [_factor(sight) for sight in sights]
    known = [factor for factor in factors if factor is not None]
    if len(known) < len(sights):
        return {}
    if all(_is_close(factor, known[0]) for factor in known):
        return _plain_factor(known[0]) if len({sight.shape for sight in sights}) > 1 else {}
    found = [
        {"pattern": f"times-{size.part}", "ratio": form.format(size.letter), "letter": size.letter,
         "size": size.size, "argument": size.of}
        for place, size in enumerate(told.sizes)
        for form, power in POWERS.items()
        if all(
            len(sight.sizes) == len(told.sizes) and _is_close(factor, sight.sizes[place].size ** power)
            for sight, factor in zip(sights, known)
        )
    ]  # fmt: skip
    return found[0] if len(found) == 1 else {}


def _plain_factor(factor: float) -> dict[str, Any]:
    if _is_close(factor, -1.0):
        return {"pattern": "opposite"}
    name = next((name for name, value in FACTORS.items() if _is_close(factor, value)), f"{factor:.4g}")
    return {"pattern": "times", "ratio": name}


def _factor(sight: Sight) -> float | None:
    """The factor between all of the numbers; None where there is none, or where it is 0 or 1."""
    with np.errstate(all="ignore"):
        squares = float(sight.expected @ sight.expected)
        factor = float(sight.got @ sight.expected) / squares if squares > 0 else math.nan
        is_one = np.abs(sight.got - factor * sight.expected) <= sight.near * max(1.0, abs(factor))
    largest = float(np.max(np.abs(sight.expected), initial=0.0))
    is_clear = math.isfinite(factor) and largest > 10 * sight.near and CLOSE < abs(factor) < 1 / CLOSE
    return factor if is_clear and bool(is_one.all()) and not _is_close(factor, 1.0) else None


def _is_close(one: float, other: float) -> bool:
    return abs(one - other) <= CLOSE * abs(other)
