"""What the cards look like: colours, fonts and small pieces that several of them share.

Inline styles alone, and of these only such as JupyterLab keeps in a notebook that it does not trust: no `gap`, no
`flex-wrap`, no variables, `0.7` and not `.7`. A card has no background, so that it stands in light and dark themes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from autograder.records import Outcome
from autograder.render.markup import Markup, element, joined

FONT = "font-family:system-ui,sans-serif;font-size:14px;line-height:1.5"
MONO = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12.5px"
LINE = "1px solid rgba(127,127,127,0.4)"
TINT = "rgba(127,127,127,0.14)"
QUIET = "opacity:0.75;font-size:12.5px"

RED = "#b3152c"
GREEN = "#1a7f37"
WHITE = "#ffffff"
MARK = "#e5484d"
"""A red line that is seen on light and on dark."""

COLOURS: Mapping[Outcome, str] = {
    Outcome.PASSED: GREEN,
    Outcome.FAILED: "#b04600",
    Outcome.NOT_STARTED: "#59636e",
    Outcome.STOPPED: "#6f42c1",
    Outcome.SKIPPED: "#59636e",
    Outcome.ERROR: RED,
}
"""Dark enough for white text on each of them."""


def pill(text: str, colour: str) -> Markup:
    """White words on a colour."""
    style = f"background-color:{colour};color:{WHITE};border-radius:12px;padding:2px 10px;font-weight:700"
    return element("span", text, style=f"{style};white-space:nowrap")


def frame(*children: str, colour: str) -> Markup:
    """The border of a card, with its colour at the left."""
    style = f"border:{LINE};border-left:6px solid {colour};border-radius:8px;padding:10px 16px;max-width:720px"
    return element("div", *children, style=f"{style};margin:4px 0;{FONT}")


def paragraph(*children: str, style: str = "") -> Markup:
    """A paragraph, close to the next one."""
    return element("div", *children, style=f"margin:6px 0;overflow-wrap:break-word{';' if style else ''}{style}")


def prose(text: str) -> Markup:
    """Running text; what stands between two ` is code."""
    parts = re.split(r"`([^`]+)`", text)
    return joined(*(code(part) if place % 2 else part for place, part in enumerate(parts)))


def code(text: str) -> Markup:
    """A piece of code within a line."""
    return element(
        "code", text, style=f"{MONO};background-color:{TINT};color:inherit;border-radius:4px;padding:1px 4px"
    )


def block(*children: str) -> Markup:
    """Lines of code."""
    style = f"{MONO};background-color:{TINT};color:inherit;border-radius:6px;padding:8px 10px;margin:6px 0"
    return element("pre", *children, style=f"{style};line-height:1.5;overflow-x:auto;white-space:pre")


def fold(label: str, *children: str) -> Markup:
    """Something behind a label, which the reader opens; no script needed."""
    summary = element("summary", label, style="cursor:pointer;font-weight:600")
    body = element("div", *children, style="margin:2px 0 6px 16px")
    return element("details", summary, body, style="margin:4px 0")
