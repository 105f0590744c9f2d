"""The evidence for a fault as plain text: what was expected beside what came back, and the case as lines to paste."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.records import Facts

INDENT = "    "
WIDEST = 60
"""Columns of a table, however wide the terminal: wider ones are hard to compare."""

GAP = "    "
MARK = "✗"
DIGITS = (4, 3, 2)
"""Digits after the point, fewer where a table would be too wide."""

Number = float | str


@dataclass(frozen=True)
class EvidenceWords:
    """What stands over the tables, and over the lines to paste."""

    expected: str
    yours: str
    try_it: str


@dataclass(frozen=True)
class _Grid:
    """Numbers in rows. An array of more axes than two has an empty row between its matrices."""

    shape: tuple[int, ...]
    rows: tuple[tuple[Number, ...], ...]


def evidence_lines(facts: Facts, words: EvidenceWords, width: int = 80) -> Iterator[str]:
    """The tables, the numbers behind the first wrong entry, and the lines to paste: what of it the facts hold."""
    room = max(30, min(width - len(INDENT), WIDEST))
    for lines in (_table_lines(facts, words, room), _behind_lines(facts, room), _paste_lines(facts, words)):
        block = [f"{INDENT}{line}".rstrip() for line in lines]
        if block:
            yield from ["", *block]


def _behind_lines(facts: Facts, room: int) -> list[str]:
    """`grad_a[0, 0]:  grad_out = 0.5, b = [1.2, -0.7]`"""
    made_of = ", ".join(f"{name} = {_short(value)}" for name, value in facts.get("at", {}).items())
    if not made_of:
        return []
    text = f"{facts['result']}{facts['entry']}:  {made_of}"
    return textwrap.wrap(text, room, subsequent_indent=INDENT, break_long_words=False)


def _short(value: Any) -> str:
    return (
        f"[{', '.join(map(_short, value))}]"
        if isinstance(value, list)
        else value
        if isinstance(value, str)
        else f"{value:.4g}"
    )


def _paste_lines(facts: Facts, words: EvidenceWords) -> list[str]:
    return [words.try_it, "", *facts["inputs"], facts["call"]] if "inputs" in facts else []


# ---- tables ------------------------------------------------------------------------------------------------


def _table_lines(facts: Facts, words: EvidenceWords, room: int) -> list[str]:
    """Expected and yours side by side, or one below the other where that is too wide."""
    if "expected_array" not in facts or "got_array" not in facts:
        return []
    expected, got = _grid(facts["expected_array"]), _grid(facts["got_array"])
    for digits in DIGITS:
        wide = max(_widest(grid, digits) for grid in (expected, got))
        left = [f"{words.expected} {expected.shape}", *_rows(expected, digits, wide)]
        right = [f"{words.yours} {got.shape}", *_rows(got, digits, wide, facts.get("wrong_entries", ()))]
        right += _sum_rows(facts, digits, wide)
        beside, below = _beside(left, right), [*left, "", *right]
        for lines in (beside, below):
            if max(map(len, lines)) <= room:
                return lines
    return [line if len(line) <= room else f"{line[: room - 2]} …" for line in below]


def _sum_rows(facts: Facts, digits: int, wide: int) -> list[str]:
    """The numbers that came back, added up, where that is what is expected."""
    if "summed" not in facts:
        return []
    axes = facts["sum_axis"]
    return [f"Σ axis={axes[0] if len(axes) == 1 else tuple(axes)}", *_rows(_grid(facts["summed"]), digits, wide)]


def _beside(left: Sequence[str], right: Sequence[str]) -> list[str]:
    height, width = max(len(left), len(right)), max(map(len, left))
    padded = [[*lines, *[""] * (height - len(lines))] for lines in (left, right)]
    return [f"{one:{width}}{GAP}{other}" for one, other in zip(*padded)]


def _widest(grid: _Grid, digits: int) -> int:
    return max((len(_digits(number, digits)) for row in grid.rows for number in row), default=0)


def _rows(grid: _Grid, digits: int, wide: int, wrong: Collection[int] = ()) -> list[str]:
    """One line for each row, the numbers of a column below each other, the wrong ones marked."""
    lines, place = [], 0
    for row in grid.rows:
        marks = [MARK if place + column in wrong else "" for column in range(len(row))]
        texts = [mark + _digits(number, digits) for mark, number in zip(marks, row)]
        lines.append(" ".join(f"{text:>{wide + len(MARK)}}" for text in texts))
        place += len(row)
    return lines


def _digits(number: Number, digits: int) -> str:
    """`0.5000`, so that points stand below each other; `0` for exactly 0, and powers of ten for the very small."""
    if isinstance(number, str):
        return number
    if number == 0:
        return "0"
    return f"{number:.{digits}f}" if 10**-digits <= abs(number) < 10**5 else f"{number:.1e}"


def _grid(nested: Any) -> _Grid:
    shape = _shape(nested)
    if not shape:
        return _Grid(shape, ((nested,),))
    if len(shape) == 1:
        return _Grid(shape, (tuple(nested),))
    if len(shape) == 2:
        return _Grid(shape, tuple(map(tuple, nested)))
    rows = [row for part in nested for row in ((), *_grid(part).rows)]
    return _Grid(shape, tuple(rows[1:]))


def _shape(nested: Any) -> tuple[int, ...]:
    if not isinstance(nested, list):
        return ()
    return (len(nested), *(_shape(nested[0]) if nested else ()))
