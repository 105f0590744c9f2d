"""The scores of a class: one dot a student, or bars where the dots would be too many.

Places are given in percent and sizes in pixels: dots and words stay as large on a telephone as on a wall.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.render.chart import label, number, rule, styled
from autograder.render.class_figures import ClassFigures
from autograder.render.curve_picture import ticks
from autograder.render.markup import Markup, element
from autograder.render.people import Person

MOST_DOTS = 300
COLUMNS, BARS = 50, 20
ABOVE, BELOW = 24.0, 26.0
"""Pixels for the word at the median, and for the numbers of the axis."""

PILES: tuple[tuple[int, int, float], ...] = ((20, 1, 12.0), (48, 2, 8.0), (MOST_DOTS, 3, 5.4))
"""How tall a pile is at most in single file, how many dots then lie side by side, and pixels from one to the next."""

LOWEST = 60.0
"""Pixels: a picture of a few students is no line."""

WIDE = 760
"""Pixels that a picture needs where dots lie side by side; narrower windows scroll."""


def dot_plot(people: Sequence[Person], figures: ClassFigures, max_score: int, words: Mapping[str, Any]) -> Markup:
    """The picture. Each dot is a link to what the page tells of that student."""
    span = max([float(max_score), *figures.scores]) or 1.0
    placed = [person for person in people if person.score is not None]
    drawn = _dots if len(placed) <= MOST_DOTS else _bars
    height, marks = drawn(placed, span, words)
    base = ABOVE + height
    is_wide = max(map(len, _columns(placed, span, COLUMNS).values()), default=0) > PILES[0][0]
    parts = [*_axis(span, base), *_median(figures, span, base, words), *marks]
    facts = {"count": str(len(placed)), "of": str(max_score), "median": number(figures.median or 0)}
    ends = {"lowest": number(figures.scores[0]), "highest": number(figures.scores[-1])} if placed else {}
    alt = words["scores_alt"].format(**facts, **ends) if placed else words["nobody"]
    return element(
        "svg", *parts, **{"class": "dots", "role": "group", "aria-label": alt},
        width="100%", height=f"{base + BELOW:.0f}",
        style=f"min-width:{WIDE}px" if is_wide else "",
    )  # fmt: skip


def bar_width(max_score: float) -> str:
    """How many points a bar stands for."""
    return number(max_score / BARS)


def _percent(score: float, span: float) -> str:
    return f"{100 * min(max(score, 0.0), span) / span:.4g}%"


def _axis(span: float, base: float) -> Iterator[Markup]:
    for tick in ticks(0, span, most=10):
        x = _percent(tick, span)
        yield rule("grid", (x, f"{ABOVE:g}"), (x, f"{base:.0f}"))
        yield label(number(tick), "tick", x, f"{base + 18:.0f}", "middle")
    yield rule("axis", ("0", f"{base:.0f}"), ("100%", f"{base:.0f}"))


def _median(figures: ClassFigures, span: float, base: float, words: Mapping[str, Any]) -> Iterator[Markup]:
    if figures.median is not None:
        x, is_right = _percent(figures.median, span), figures.median > span / 2
        yield rule("median", (x, "4"), (x, f"{base:.0f}"))
        text = words["median_line"].format(median=number(figures.median))
        yield styled(
            "text", "said", text, x=x, y="14", dx="-7" if is_right else "7", text_anchor="end" if is_right else "start"
        )


def _dots(people: Sequence[Person], span: float, words: Mapping[str, Any]) -> tuple[float, list[Markup]]:
    columns = _columns(people, span, COLUMNS)
    tallest = max(map(len, columns.values()), default=1)
    beside, pitch = next((beside, pitch) for most, beside, pitch in PILES if tallest <= most)
    height = max(math.ceil(tallest / beside) * pitch + 4, LOWEST)
    base, marks = ABOVE + height - 1, []
    for column, members in sorted(columns.items()):
        for place, person in enumerate(members):
            said = words["points_of"].format(label=person.label, score=number(person.score or 0))
            row, aside = divmod(place, beside)
            shift = (aside - (beside - 1) / 2) * pitch
            dot = element(
                "circle", element("title", said), cx=f"{100 * column / COLUMNS:.4g}%",
                cy=f"{base - (row + 0.5) * pitch:.1f}", r=f"{0.42 * pitch:.1f}",
                transform=f"translate({shift:g})" if shift else "",
            )  # fmt: skip
            marks.append(element("a", dot, href=f"#{person.anchor}"))
    return height, marks


def _bars(people: Sequence[Person], span: float, words: Mapping[str, Any]) -> tuple[float, list[Markup]]:
    """Each bar is as long as the share of the fullest one; the highest score is in the last."""
    bars: dict[int, int] = {}
    for person in people:
        bar = min(int(max(person.score or 0.0, 0.0) / span * BARS), BARS - 1)
        bars[bar] = bars.get(bar, 0) + 1
    height, marks = 180.0, []
    for bar, count in sorted(bars.items()):
        tall = (height - 20) * count / max(bars.values())
        top = ABOVE + height - tall
        ends = {"from": number(span * bar / BARS), "to": number(span * (bar + 1) / BARS), "count": str(count)}
        x = 100 * bar / BARS
        marks.append(
            styled(
                "rect", "bar", element("title", words["bar"].format(**ends)), x=f"{x + 0.4:.4g}%", y=f"{top:.1f}",
                width=f"{100 / BARS - 0.8:.4g}%", height=f"{tall:.1f}",
            )
        )  # fmt: skip
        marks.append(label(str(count), "tick", f"{x + 50 / BARS:.4g}%", f"{top - 5:.1f}", "middle"))
    return height, marks


def _columns(people: Sequence[Person], span: float, count: int) -> dict[int, list[Person]]:
    columns: dict[int, list[Person]] = {}
    for person in people:
        share = min(max(person.score or 0.0, 0.0) / span, 1.0)
        columns.setdefault(round(share * count), []).append(person)
    return columns
