"""Small pieces of the charts of a page. What they look like, in light, in dark and in print, is in `page.css`."""

from __future__ import annotations

from autograder.render.markup import Markup, element, escaped

Point = tuple[float, float]


def styled(name: str, kind: str, *children: str, **attributes: str) -> Markup:
    """An element with a class of the style sheet."""
    return element(name, *children, **{"class": kind, **attributes})


def drawing(kind: str, alt: str, width: float, height: float, *parts: str) -> Markup:
    """A picture that grows and shrinks with the page, and is one image to whoever does not see it."""
    box = f"0 0 {width:g} {height:g}"
    return element("svg", *parts, **{"class": kind, "viewBox": box, "role": "img", "aria-label": alt})


def label(text: str, kind: str, x: str, y: str, anchor: str = "") -> Markup:
    """Words in a picture; they begin at the place unless an anchor says otherwise."""
    return styled("text", kind, text, x=x, y=y, text_anchor=anchor)


def rule(kind: str, start: tuple[str, str], end: tuple[str, str]) -> Markup:
    """A line from one place to another."""
    return styled("line", kind, x1=start[0], y1=start[1], x2=end[0], y2=end[1])


def polyline(kind: str, points: list[Point], *children: str) -> Markup:
    """A line along points."""
    return styled("polyline", kind, *children, points=" ".join(f"{x:.0f},{y:.0f}" for x, y in points))


def number(value: float) -> str:
    """`82.5`, with a minus as in print and no -0."""
    return f"{round(value, 2) + 0.0:g}".replace("-", "−")


def signed(value: float) -> str:
    """`+5`, `−10`"""
    return f"+{number(value)}" if value > 0 else number(value)


def breakable(name: str) -> Markup:
    """A Python name that may go on in the next line after each underscore."""
    return Markup("_<wbr>".join(map(escaped, name.split("_"))))
