"""How hard each question is, and whether it separates: one place for each question, in zones that are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.render.chart import Point, drawing, label, number, rule, styled
from autograder.render.class_figures import QuestionFigures
from autograder.render.markup import Markup, element

WIDTH, HEIGHT = 600.0, 500.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 16.0, 14.0, 48.0
FLAT, EASY, HARD = 0.2, 0.9, 0.3
"""Where zones begin: discrimination that is too small, and means that are near the ends."""

RADIUS, LETTER, LINE = 7.0, 8.4, 17.0
"""Of a dot, and about the size of a letter: words are laid out before anybody knows the font."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

PLACES: tuple[tuple[float, float, str], ...] = (
    (12, 5, "start"),
    (-12, 5, "end"),
    (0, -13, "middle"),
    (0, 25, "middle"),
    (12, -15, "start"),
    (-12, -15, "end"),
    (12, 26, "start"),
    (-12, 26, "end"),
    (20, -32, "start"),
    (-20, -32, "end"),
    (20, 43, "start"),
    (-20, 43, "end"),
    (26, -50, "start"),
    (-26, -50, "end"),
    (26, 61, "start"),
    (-26, 61, "end"),
)
"""Where the name of a question may stand beside its dot, the best place first; from far away, a line leads to it."""


def question_map(questions: Sequence[QuestionFigures], words: Mapping[str, Any]) -> Markup:
    """The picture of all questions that have a discrimination; "" where none has."""
    shown = [one for one in questions if one.discrimination is not None]
    if not shown:
        return Markup("")
    lowest = min(0.0, *(one.discrimination or 0.0 for one in shown)) - 0.08
    points = [(_x(one.mean), _y(one.discrimination or 0.0, lowest)) for one in shown]
    zones, taken = _zones(lowest, words)
    parts = [*zones, *_axes(lowest, words), *_named([one.name for one in shown], points, taken)]
    return drawing("map", words["map_alt"].format(count=len(shown)), WIDTH, HEIGHT, *parts)


def place_names(names: Sequence[str], points: Sequence[Point], taken: Sequence[Box]) -> list[tuple[float, float, str]]:
    """Where each name stands: x, y and anchor. It overlaps no dot, no other name and nothing that is `taken`, as long
    as there is a place left."""
    dots = [(x - RADIUS - 1, y - RADIUS - 1, x + RADIUS + 1, y + RADIUS + 1) for x, y in points]
    boxes, found = [*taken, *dots], []
    for name, (x, y) in zip(names, points):
        choices = [(x + dx, y + dy, anchor) for dx, dy, anchor in PLACES]
        best = min(choices, key=lambda one: _cost(_box(name, *one), boxes))
        boxes.append(_box(name, *best))
        found.append(best)
    return found


def _x(mean: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(max(mean, 0.0), 1.0)


def _y(discrimination: float, lowest: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - discrimination) / (1.0 - lowest)


def _zones(lowest: float, words: Mapping[str, Any]) -> tuple[list[Markup], list[Box]]:
    """Shades with their names, and where these stand."""
    base, top = HEIGHT - BOTTOM, _y(FLAT, lowest)
    named = (
        (LEFT, top, WIDTH - RIGHT, base, "flat", words["zone_flat"], (LEFT + 8, base - 9, "start")),
        (_x(EASY), TOP, WIDTH - RIGHT, base, "easy", words["zone_easy"], (WIDTH - RIGHT - 6, TOP + 18, "end")),
        (LEFT, TOP, _x(HARD), base, "hard", words["zone_hard"], (LEFT + 8, TOP + 18, "start")),
    )
    parts = [
        styled("rect", f"zone {kind}", x=f"{x:.0f}", y=f"{y:.0f}", width=f"{x2 - x:.0f}", height=f"{y2 - y:.0f}")
        for x, y, x2, y2, kind, _, _ in named
    ]
    parts += [label(text, "zoned", f"{x:.0f}", f"{y:.0f}", anchor) for *_, text, (x, y, anchor) in named]
    return parts, [_box(text, *place) for *_, text, place in named]


def _axes(lowest: float, words: Mapping[str, Any]) -> Iterator[Markup]:
    base, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for tenths in range(-10, 11, 2):
        if tenths / 10 >= lowest:
            y = _y(tenths / 10, lowest)
            yield rule("grid", (f"{LEFT:g}", f"{y:.0f}"), (f"{right:g}", f"{y:.0f}"))
            yield label(number(tenths / 10), "tick", f"{LEFT - 8:g}", f"{y + 4:.0f}", "end")
    for quarter in range(5):
        x = _x(quarter / 4)
        yield label(f"{25 * quarter} %", "tick", f"{x:.0f}", f"{base + 18:g}", "end" if quarter == 4 else "middle")
    yield rule("axis", (f"{LEFT:g}", f"{base:g}"), (f"{right:g}", f"{base:g}"))
    yield label(words["mean_axis"], "name", f"{(LEFT + right) / 2:g}", f"{HEIGHT - 8:g}", "middle")
    middle = (TOP + base) / 2
    yield styled(
        "text", "name", words["discrimination_axis"], x="14", y=f"{middle:g}", text_anchor="middle",
        transform=f"rotate(-90 14 {middle:g})",
    )  # fmt: skip


def _named(names: Sequence[str], points: Sequence[Point], taken: Sequence[Box]) -> Iterator[Markup]:
    places = place_names(names, points, taken)
    for (x, y), (to_x, to_y, _) in zip(points, places):
        if abs(to_y - y) > 28:
            yield rule("lead", (f"{x:.0f}", f"{y:.0f}"), (f"{to_x:.0f}", f"{to_y - 5:.0f}"))
    for name, (x, y), (to_x, to_y, anchor) in zip(names, points, places):
        yield element("circle", cx=f"{x:.0f}", cy=f"{y:.0f}", r=f"{RADIUS:g}")
        yield label(name, "named", f"{to_x:.0f}", f"{to_y:.0f}", anchor)


def _box(text: str, x: float, y: float, anchor: str) -> Box:
    wide = LETTER * len(text)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return left, y - LINE + 4, left + wide, y + 4


def _cost(box: Box, others: Sequence[Box]) -> float:
    """How much of a box lies on others, or outside."""
    left, top, right, bottom = box
    on_others = sum(
        max(0.0, min(right, x2) - max(left, x)) * max(0.0, min(bottom, y2) - max(top, y)) for x, y, x2, y2 in others
    )
    outside = max(0.0, LEFT + 2 - left) + max(0.0, right - WIDTH + 2) + max(0.0, TOP - top)
    return on_others + 100 * (outside + max(0.0, bottom - HEIGHT + BOTTOM))
