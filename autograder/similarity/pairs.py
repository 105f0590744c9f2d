"""Fingerprints of a class → pairs that share what few others have. Numbers in, numbers out.

What is in the handout or in the solution counts nothing, and neither does what many have: often there is one right
answer, and everybody writes it. The fewer have a fingerprint, the more it counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from autograder.similarity.fingerprints import Fingerprints, Place

MANY = 5
MANY_PARTS = 5
"""What more than a fifth of the class has, and more than five, is everybody's."""

DAMPING = 10.0
"""Fingerprints that two files need beside: so three rare lines in a short file are not yet a likeness."""

MOST_PLACES = 5


@dataclass(frozen=True)
class SharedPlace:
    """Lines that two files share: from a place in each, `lines` lines on in the first of them."""

    first: Place
    second: Place
    lines: int


@dataclass(frozen=True)
class Pair:
    """Two submissions by name. `percent` of the rarer of their code is alike; `places` are where, the longest first."""

    first: str
    second: str
    percent: int
    places: tuple[SharedPlace, ...]


def find_pairs(
    read: Mapping[str, Fingerprints],
    given: Collection[int],
    together: Mapping[str, Collection[str]],
    least: int,
) -> tuple[Pair, ...]:
    """The pairs of at least `least` percent, the most alike first.

    `given` are the fingerprints of what everybody has received; `together` says whose hand-in each one is: two of the
    same person are no pair.
    """
    own = {name: {value for value, _ in found} - set(given) for name, found in read.items()}
    holders: dict[int, list[str]] = defaultdict(list)
    for name in sorted(own):
        for value in own[name]:
            holders[value].append(name)
    many = max(MANY, len(own) // MANY_PARTS)
    weights = {value: 1 / max(1, len(names) - 1) for value, names in holders.items() if len(names) <= many}
    total = {name: sum(weights.get(value, 0.0) for value in values) for name, values in own.items()}
    shared: dict[tuple[str, str], float] = defaultdict(float)
    for value, weight in weights.items():
        for pair in combinations(holders[value], 2):
            shared[pair] += weight
    found = []
    for (first, second), weight in shared.items():
        percent = int(100 * weight / (min(total[first], total[second]) + DAMPING))
        if percent >= least and not set(together.get(first, ())) & set(together.get(second, ())):
            both = own[first] & own[second] & weights.keys()
            places = shared_places(read[first], read[second], both)
            found.append(Pair(first, second, percent, tuple(places[:MOST_PLACES])))
    return tuple(sorted(found, key=lambda pair: (-pair.percent, pair.first, pair.second)))


def shared_places(first: Fingerprints, second: Fingerprints, both: Collection[int]) -> list[SharedPlace]:
    """Runs of fingerprints that come one after the other in both files, the longest first."""
    at: dict[int, Place] = {}
    order: dict[int, int] = {}
    for number, (value, place) in enumerate(second):
        at.setdefault(value, place)
        order.setdefault(value, number)
    runs: list[list[tuple[int, Place]]] = []
    before = None
    for value, place in first:
        if value not in both:
            before = None
            continue
        follows = before is not None and order[value] - before == 1 and runs[-1][0][1].cell == place.cell
        if follows:
            runs[-1].append((value, place))
        else:
            runs.append([(value, place)])
        before = order[value]
    return sorted((_place_of(run, at) for run in runs), key=lambda one: -one.lines)


def _place_of(run: Sequence[tuple[int, Place]], at: Mapping[int, Place]) -> SharedPlace:
    (value, begin), (_, end) = run[0], run[-1]
    return SharedPlace(begin, at[value], end.line - begin.line + 1)
