"""Small pieces of SVG. A picture has a light ground of its own: what looks at it knows of no theme."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.render.markup import Markup, element

GROUND = "#fbfcfd"
INK = "#3d444d"
PALE = "#e1e5ea"
BLUE = "#1f5fa8"
ORANGE = "#b04600"
GREEN = "#1a7f37"
RED = "#b3152c"

FONT = "system-ui, -apple-system, Segoe UI, Roboto, sans-serif"

Point = tuple[float, float]


def canvas(width: float, height: float, parts: Iterable[Markup]) -> Markup:
    """A whole picture."""
    ground = element(
        "rect", x="0.5", y="0.5", width=f"{width - 1:.0f}", height=f"{height - 1:.0f}", rx="8", fill=GROUND, stroke=PALE
    )
    box = f"0 0 {width:.0f} {height:.0f}"
    return element(
        "svg", ground, *parts, xmlns="http://www.w3.org/2000/svg", viewBox=box, width=f"{width:.0f}",
        height=f"{height:.0f}", font_family=FONT,
    )  # fmt: skip


def text(
    words: str, x: float, y: float, *, anchor: str = "middle", size: float = 13, colour: str = INK, weight: str = ""
) -> Markup:
    """Words at a place, with a rim in the colour of the ground, so that lines behind them do not disturb."""
    return element(
        "text", words, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, font_size=f"{size:g}", fill=colour,
        font_weight=weight, stroke=GROUND, stroke_width="3", paint_order="stroke", stroke_linejoin="round",
    )  # fmt: skip


def line(start: Point, end: Point, colour: str, *, width: float = 1, dash: str = "") -> Markup:
    (x1, y1), (x2, y2) = start, end
    return element(
        "line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}", stroke=colour,
        stroke_width=f"{width:g}", stroke_dasharray=dash,
    )  # fmt: skip


def path(places: str, colour: str, *, width: float = 1.5, dash: str = "", arrow: str = "") -> Markup:
    """A line along `places`, with an arrow of `arrow_head` at its end where one is named."""
    return element(
        "path", d=places, fill="none", stroke=colour, stroke_width=f"{width:g}", stroke_dasharray=dash,
        stroke_linejoin="round", marker_end=f"url(#{arrow})" if arrow else "",
    )  # fmt: skip


def arrow_head(name: str, colour: str) -> Markup:
    """The end of an arrow, to be named by a path."""
    tip = element("path", d="M0 0 L8 4 L0 8 z", fill=colour)
    return element(
        "marker", tip, id=name, viewBox="0 0 8 8", refX="7", refY="4", markerWidth="7", markerHeight="7",
        markerUnits="userSpaceOnUse", orient="auto",
    )  # fmt: skip
