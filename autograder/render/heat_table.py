"""An array as a table whose cells are coloured by their numbers, the wrong ones framed; cut where it is large."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from autograder.render.html_style import GREEN, MONO, QUIET, RED, WHITE
from autograder.render.html_words import HtmlWords
from autograder.render.markup import Markup, element
from autograder.render.shades import ink_on, shade

MOST = 8
"""Rows and columns that are shown of an array."""

Number = float | str


@dataclass(frozen=True)
class Frames:
    """Which entries, counted row by row, have a frame: None for all of them."""

    colour: str
    places: Collection[int] | None


NO_FRAMES = Frames("", ())
SUM = Frames(GREEN, None)
"""Of what has been added up, and is right now."""


def wrong_ones(places: Collection[int]) -> Frames:
    """Frames in a colour that no number has."""
    return Frames("#d1006c", places)


@dataclass(frozen=True)
class Grid:
    """An array as rows of numbers: what has more axes than two has a row for each place in all axes but the last."""

    shape: tuple[int, ...]
    rows: tuple[tuple[Number, ...], ...]

    @property
    def numbers(self) -> list[Number]:
        return [number for row in self.rows for number in row]

    @property
    def columns(self) -> int:
        return self.shape[-1] if self.shape else 1


@dataclass(frozen=True)
class View:
    """What is shown of a grid, and how: which rows and columns, digits, and the number with the strongest colour."""

    rows: range
    columns: range
    digits: int | None
    top: float


def grid_of(nested: Any) -> Grid:
    """The grid of nested lists of numbers; "nan", "inf" and "-inf" are numbers too."""
    shape = _shape(nested)
    if len(shape) < 2:
        return Grid(shape, (tuple(nested) if shape else (nested,),))
    return Grid(shape, tuple(_rows(nested, len(shape))))


def _rows(nested: Any, axes: int) -> Iterator[tuple[Number, ...]]:
    if axes == 1:
        yield tuple(nested)
        return
    for part in nested:
        yield from _rows(part, axes - 1)


def _shape(nested: Any) -> tuple[int, ...]:
    return (len(nested), *(_shape(nested[0]) if nested else ())) if isinstance(nested, list) else ()


def view_of(grid: Grid, first: int, digits: int | None, top: float) -> View:
    """A view that holds the entry `first`, counted row by row."""
    row, column = divmod(first, max(grid.columns, 1))
    return View(_around(row, len(grid.rows)), _around(column, grid.columns), digits, top)


def _around(place: int, of: int) -> range:
    start = max(0, min(place - MOST // 2, of - MOST))
    return range(start, min(of, start + MOST))


def cut_words(grid: Grid, view: View, words: HtmlWords) -> str:
    """`rows 0 to 7 of 20, columns 3 to 10 of 12`; nothing where all is shown."""
    axes = ((words.rows_shown, view.rows, len(grid.rows)), (words.columns_shown, view.columns, grid.columns))
    parts = [text.format(first=shown[0], last=shown[-1], of=of) for text, shown, of in axes if 0 < len(shown) < of]
    return ", ".join(parts)


def heat_table(
    caption: str, grid: Grid, view: View, frames: Frames = NO_FRAMES, below: tuple[str, Sequence[Number]] | None = None
) -> Markup:
    """The table, with its caption above it and the numbers of rows and columns at its sides.

    `below` is a line of words and one more row of numbers: what the others add up to.
    """
    caption_style = f"caption-side:top;text-align:left;padding:0 0 2px 0;color:inherit;{QUIET};white-space:nowrap"
    rows = [element("caption", caption, style=caption_style), *_column_heads(grid, view)]
    labels = list(product(*(range(size) for size in grid.shape[:-1])))
    if view.rows.start:
        rows.append(_row(_cut_row(grid, view)))
    for number in view.rows:
        start = number * grid.columns
        cells = [
            _cell(grid.rows[number][column], (*labels[number], column)[: len(grid.shape)], view, frames, start + column)
            for column in view.columns
        ]
        rows.append(_row([*_row_head(labels[number]), *_with_cuts(cells, grid, view)]))
    if view.rows.stop < len(grid.rows):
        rows.append(_row(_cut_row(grid, view)))
    if below is not None:
        rows += _rows_below(*below, grid, view)
    style = f"display:inline-table;vertical-align:top;border-collapse:collapse;border:none;margin:4px 20px 6px 0;{MONO}"
    return element("table", *rows, style=style)


_HEAD = "border:none;padding:0 5px;font-weight:400;text-align:right;color:inherit;opacity:0.75;font-size:11px"


def _row(cells: Sequence[Markup]) -> Markup:
    return element("tr", *cells, style="background-color:transparent")


def _column_heads(grid: Grid, view: View) -> list[Markup]:
    if not grid.shape:
        return []
    corner = [element("td", style=_HEAD)] if len(grid.shape) > 1 else []
    heads = [element("th", str(column), scope="col", style=_HEAD) for column in view.columns]
    return [_row([*corner, *_with_cuts(heads, grid, view)])]


def _row_head(label: tuple[int, ...]) -> list[Markup]:
    return [element("th", ", ".join(map(str, label)), scope="row", style=_HEAD)] if label else []


def _with_cuts(cells: Sequence[Markup], grid: Grid, view: View) -> list[Markup]:
    """The cells of a row, and … where there are more."""
    before = [element("td", "…", style=_HEAD)] if view.columns.start else []
    after = [element("td", "…", style=_HEAD)] if view.columns.stop < grid.columns else []
    return [*before, *cells, *after]


def _cut_row(grid: Grid, view: View) -> list[Markup]:
    return [element("td", "⋮", style=_HEAD), *(element("td", "⋮", style=_HEAD) for _ in view.columns)]


def _cell(number: Number, place: tuple[int, ...], view: View, frames: Frames, flat: int) -> Markup:
    is_framed = frames.places is None or flat in frames.places
    is_number = not isinstance(number, str)
    background = shade(float(number), view.top) if is_number else RED
    ink = ink_on(background) if is_number else WHITE
    border = f"2px solid {frames.colour}" if is_framed else "1px solid rgba(127,127,127,0.4)"
    style = f"background-color:{background};color:{ink};border:{border};padding:2px 7px;text-align:right"
    weight = ";font-weight:700" if is_framed or not is_number else ""
    title = f"[{', '.join(map(str, place))}] = {number}" if place else f"{number}"
    return element("td", short(number, view.digits), title=title, style=f"{style}{weight};white-space:nowrap")


def _rows_below(label: str, numbers: Sequence[Number], grid: Grid, view: View) -> list[Markup]:
    head = [element("td", style=_HEAD)]
    span = str(len(view.columns) + bool(view.columns.start) + (view.columns.stop < grid.columns))
    style = "border:none;padding:4px 0 2px 0;text-align:center;color:inherit;white-space:nowrap"
    cells = [_cell(numbers[column], (column,), view, SUM, column) for column in view.columns]
    return [
        _row([*head, element("td", label, colspan=span, style=style)]),
        _row([*head, *_with_cuts(cells, grid, view)]),
    ]


# ---- numbers -----------------------------------------------------------------------------------------------

FIXED = (1e-4, 1e6)
"""Between these, numbers have their points below each other; others are powers of ten."""

MOST_MORE = 7
"""Digits that are added at most, to tell a wrong number from the right one."""


def short(number: Number, digits: int | None) -> str:
    """With so many digits after the point, `0` for exactly 0, `≈0` for what would look like it; powers of ten without
    digits."""
    if isinstance(number, str):
        return number
    if number == 0:
        return "0"
    if digits is None:
        return f"{number:.3g}"
    if abs(number) >= FIXED[1]:
        return f"{number:.2e}"
    text = f"{number:.{digits}f}"
    return text if float(text) else "≈0"


def telling_digits(expected: Grid, got: Grid, wrong: Collection[int], top: float) -> int | None:
    """Digits after the point: three or more that count in the largest number, and as many as it takes for every wrong
    number to look different from the one that is expected. None where powers of ten say more."""
    if not FIXED[0] <= top < FIXED[1]:
        return None
    size = math.floor(math.log10(top))
    usual = max(0, 3 - size) if size >= 0 else 2 - size
    if all(number == round(number) for grid in (expected, got) for number in _finite(grid)):
        usual = 0
    if expected.shape != got.shape:
        return usual
    both = enumerate(zip(expected.numbers, got.numbers))
    pairs = [pair for place, pair in both if not wrong or place in wrong]
    for digits in range(usual, usual + MOST_MORE):
        if all(short(one, digits) != short(other, digits) for one, other in pairs):
            return digits
    return usual


def top_of(expected: Grid, got: Grid) -> float:
    """The number with the strongest colour: the largest there is, but not so large that what is expected has none."""
    of_expected, of_got = (max((abs(x) for x in _finite(grid)), default=0.0) for grid in (expected, got))
    return min(max(of_expected, of_got), 4 * of_expected) if of_expected else of_got


def _finite(grid: Grid) -> list[float]:
    return [number for number in grid.numbers if not isinstance(number, str) and math.isfinite(number)]


def minus(got: Grid, expected: Grid) -> Grid | None:
    """The differences entry by entry; None where the shapes differ, or something is not finite."""
    if got.shape != expected.shape or any(isinstance(number, str) for number in (*got.numbers, *expected.numbers)):
        return None
    pairs = zip(got.rows, expected.rows)
    return Grid(got.shape, tuple(tuple(float(a) - float(b) for a, b in zip(one, other)) for one, other in pairs))
