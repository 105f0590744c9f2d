"""A place for each node of a graph: in layers from left to right, each arrow pointing to a later one.

After Sugiyama, Tagawa and Toda (1981): layers by the longest way, a stop in each layer that a long arrow crosses, an
order within layers by the mean of the neighbours, and then heights that pull neighbours together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Edge = tuple[int, int]

SWEEPS = 12
"""Enough for the small graphs that are drawn here: after that, nothing moves any more."""


@dataclass(frozen=True)
class Layout:
    """Layer and height of each node, one height being the distance of two nodes; and the stops of each long arrow."""

    layer: tuple[int, ...]
    height: tuple[float, ...]
    stops: Mapping[Edge, tuple[tuple[int, float], ...]]


def lay_out(count: int, edges: Sequence[Edge]) -> Layout:
    """The layout of nodes 0 to count - 1. Every edge leads to a node with a greater number, or to one that is no
    ancestor of its start: there is no way round."""
    edges = list(dict.fromkeys(edges))
    layer = _layers(count, edges)
    chains = {edge: _chain(edge, layer) for edge in edges}
    layer_of: dict[object, int] = dict(enumerate(layer))
    layer_of |= {stop: stop[1] for chain in chains.values() for stop in chain[1:-1] if isinstance(stop, tuple)}
    links = [link for chain in chains.values() for link in pairwise(chain)]
    rows: list[list[object]] = [[] for _ in range(max(layer, default=0) + 1)]
    for one, at in layer_of.items():
        rows[at].append(one)
    _order(rows, links)
    height = _heights(rows, links)
    stops = {edge: tuple((layer_of[stop], height[stop]) for stop in chain[1:-1]) for edge, chain in chains.items()}
    return Layout(tuple(layer), tuple(height[node] for node in range(count)), stops)


def _layers(count: int, edges: Sequence[Edge]) -> list[int]:
    """By the longest way to each node; and a node that nothing leads to stands right before the first that it leads
    to."""
    layer = [0] * count
    for _ in range(count):  # as often as the longest way may be long
        for start, end in edges:
            layer[end] = max(layer[end], layer[start] + 1)
    for node in range(count):
        after = [layer[end] for start, end in edges if start == node]
        if after and not any(end == node for _, end in edges):
            layer[node] = min(after) - 1
    return layer


def _chain(edge: Edge, layer: Sequence[int]) -> list[object]:
    """The two ends of an arrow, and between them its stops."""
    start, end = edge
    return [start, *((edge, at) for at in range(layer[start] + 1, layer[end])), end]


def _neighbours(links: Sequence[tuple[object, object]]) -> dict[object, list[object]]:
    found: dict[object, list[object]] = {}
    for start, end in links:
        found.setdefault(start, []).append(end)
        found.setdefault(end, []).append(start)
    return found


def _order(rows: list[list[object]], links: Sequence[tuple[object, object]]) -> None:
    """Each layer in the order of the mean place of its neighbours in the layer before it, forth and back."""
    beside = _neighbours(links)
    for sweep in range(SWEEPS):
        numbers = range(1, len(rows)) if sweep % 2 == 0 else range(len(rows) - 2, -1, -1)
        for number in numbers:
            other = rows[number - 1 if sweep % 2 == 0 else number + 1]
            place = {one: at for at, one in enumerate(other)}
            own = {one: at for at, one in enumerate(rows[number])}

            def mean(one: object, place: Mapping[object, int] = place, own: Mapping[object, int] = own) -> float:
                known = [place[two] for two in beside.get(one, ()) if two in place]
                return sum(known) / len(known) if known else float(own[one])

            rows[number].sort(key=mean)


def _heights(rows: Sequence[Sequence[object]], links: Sequence[tuple[object, object]]) -> dict[object, float]:
    beside = _neighbours(links)
    height = {one: at - (len(row) - 1) / 2 for row in rows for at, one in enumerate(row)}
    for _ in range(SWEEPS):
        for row in rows:
            wanted = [_mean([height[two] for two in beside.get(one, ())], height[one]) for one in row]
            for one, at in zip(row, _apart(wanted)):
                height[one] = at
    lowest = min(height.values(), default=0.0)
    return {one: at - lowest for one, at in height.items()}


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _apart(wanted: Sequence[float]) -> list[float]:
    """Heights in this order, at least 1 apart, and as a whole where they are wanted."""
    placed: list[float] = []
    for at in wanted:
        placed.append(max(at, placed[-1] + 1) if placed else at)
    shift = _mean([one - other for one, other in zip(wanted, placed)], 0.0)
    return [at + shift for at in placed]
