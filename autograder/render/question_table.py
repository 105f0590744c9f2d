"""The questions of a class in numbers: what the map shows, for whoever would rather read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.render.chart import breakable, number, styled
from autograder.render.class_figures import QuestionFigures
from autograder.render.markup import Markup, element


def question_table(questions: Sequence[QuestionFigures], words: Mapping[str, Any]) -> Markup:
    """One row a question, the easiest first."""
    heads = [element("th", words[key], scope="col") for key in ("question", "mean", "full", "discrimination")]
    return styled("table", "figures", element("thead", element("tr", *heads)), element("tbody", *map(_row, questions)))


def _row(one: QuestionFigures) -> Markup:
    separates = "–" if one.discrimination is None else number(round(one.discrimination, 2))
    meter = styled("span", "meter", element("span", style=f"width:{100 * min(max(one.mean, 0), 1):.0f}%"))
    return element(
        "tr",
        element("th", breakable(one.name), scope="row"),
        element("td", f"{100 * one.mean:.0f} %", meter),
        element("td", f"{one.full} / {one.count}"),
        element("td", separates),
    )
