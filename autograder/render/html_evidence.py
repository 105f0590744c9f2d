"""The evidence for a fault in HTML: expected, yours and the difference as heat tables, and what made the first one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.records import Facts
from autograder.render.card import ScreenWords
from autograder.render.heat_table import (
    SUM,
    Grid,
    View,
    cut_words,
    grid_of,
    heat_table,
    minus,
    telling_digits,
    top_of,
    view_of,
    wrong_ones,
)
from autograder.render.html_style import QUIET, block, code, fold, paragraph
from autograder.render.html_words import HtmlWords
from autograder.render.markup import Markup, element

FRAMED = 0.7
"""From this share of wrong numbers on, a frame round each of them says nothing."""


FEW = 30
"""Of more numbers than these, the differences stand behind a label."""


def evidence_html(facts: Facts, words: ScreenWords) -> Iterator[Markup]:
    """The tables, and the numbers behind the first wrong entry: what of it the facts hold."""
    if "expected_array" in facts and "got_array" in facts:
        yield from _tables(facts, words)
    made_of = ", ".join(f"{name} = {_in_brackets(value)}" for name, value in facts.get("at", {}).items())
    if made_of:
        yield paragraph(f"{facts['result']}{facts['entry']}:  ", code(made_of), style=QUIET)


def inputs_html(facts: Facts, words: HtmlWords) -> Iterator[Markup]:
    """The lines to paste, behind a label."""
    if "inputs" in facts:
        yield fold(words.inputs, block("\n".join([*facts["inputs"], facts["call"]])))


def _tables(facts: Facts, words: ScreenWords) -> Iterator[Markup]:
    expected, got = grid_of(facts["expected_array"]), grid_of(facts["got_array"])
    wrong = frozenset(facts.get("wrong_entries", ()))
    first, top = min(wrong, default=0), top_of(expected, got)
    digits = telling_digits(expected, got, wrong, top)
    frames = wrong_ones(wrong if len(wrong) < FRAMED * len(got.numbers) else ())
    views = [view_of(grid, first if grid.shape == got.shape else 0, digits, top) for grid in (expected, got)]
    name = f"{words.evidence.expected} {facts['result']}"
    below, beside = _summed(facts, words.html, got, views[1])
    tables = [
        heat_table(_caption(name, expected, views[0], words.html), expected, views[0]),
        heat_table(_caption(words.evidence.yours, got, views[1], words.html), got, views[1], frames, below),
        *beside,
    ]
    difference = minus(got, expected)
    if difference is None or not difference.shape:
        more = []
    else:
        more = [heat_table(words.html.difference, difference, views[1], frames)]
    is_long = len(got.numbers) > FEW
    yield element("div", *tables, *(() if is_long else more), style="margin:8px 0 2px 0")
    if is_long and more:
        yield fold(words.html.difference, *more)


def _caption(name: str, grid: Grid, view: View, words: HtmlWords) -> str:
    cut = cut_words(grid, view, words)
    shape = f" {grid.shape}" if grid.shape else ""
    return f"{name}{shape}{': ' if cut else ''}{cut}"


def _summed(
    facts: Facts, words: HtmlWords, got: Grid, view: View
) -> tuple[tuple[str, tuple[Any, ...]] | None, list[Markup]]:
    """The returned numbers, added up: as a row below them where it is rows that are added, else as a table beside."""
    if "summed" not in facts:
        return None, []
    summed, axes = grid_of(facts["summed"]), list(facts["sum_axis"])
    if axes == [0] and len(got.shape) == 2:
        return (words.add_rows, summed.rows[0]), []
    is_columns = axes == [1] and len(got.shape) == 2
    label = words.add_columns if is_columns else words.add_axes.format(axes=", ".join(map(str, axes)))
    view = view_of(summed, 0, view.digits, view.top)
    return None, [heat_table(label, summed, view, SUM)]


def _in_brackets(value: Any) -> str:
    return (
        f"[{', '.join(map(_in_brackets, value))}]"
        if isinstance(value, list)
        else value
        if isinstance(value, str)
        else f"{value:.4g}"
    )
