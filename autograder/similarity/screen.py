"""Pairs as a screen, and what they do not say."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from autograder.similarity.compare import Comparison
from autograder.similarity.fingerprints import Place
from autograder.similarity.pairs import Pair, SharedPlace

FEW = 10
"""Below that, one cannot know what many have."""

NO_VERDICT = (
    "A likeness is a reason to look at both, and says nothing of how it came about: people learn together, have the "
    "same tutor, the same book, or the same idea."
)
OF_FEW = (
    "Of so few, what many write cannot be told from what two share. Expect more pairs than there would be in a class."
)


def screen_lines(found: Comparison, least: int, most: int, width: int) -> Iterator[str]:
    """The `most` pairs that are most alike, each with the lines that the two share and few others have."""
    yield from _wrapped(
        f"Compared    {found.compared} submissions, without the handout and without what many have", width
    )
    many = {0: "no pair is", 1: "1 pair is"}.get(len(found.pairs), f"{len(found.pairs)} pairs are")
    yield from _wrapped(f"Alike       {many} alike by {least} % or more", width)
    for pair in found.pairs[:most]:
        yield ""
        yield from _pair_lines(pair)
    if len(found.pairs) > most:
        yield f"\n      and {len(found.pairs) - most} more"
    if found.not_compared:
        yield ""
        for name in found.not_compared:
            yield f"{name}   could not be compared"
    yield ""
    for sentence in [NO_VERDICT] if found.compared >= FEW else [NO_VERDICT, OF_FEW]:
        yield from textwrap.wrap(sentence, width)


def _pair_lines(pair: Pair) -> Iterator[str]:
    yield f"{pair.percent:3d} %  {pair.first}"
    yield f"       {pair.second}"
    for place in pair.places:
        yield f"       {_span(place)}  ·  from {_spot(place.second)}"


def _span(place: SharedPlace) -> str:
    last = place.first.line + place.lines - 1
    return _spot(place.first) if last == place.first.line else f"{_spot(place.first)}-{last}"


def _spot(place: Place) -> str:
    return f"code cell {place.cell}, line {place.line}" if place.cell else f"line {place.line}"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent=" " * 12)
