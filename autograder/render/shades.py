"""Numbers as colours: blue below zero, orange above, and ink that can be read on each of them."""

from __future__ import annotations

Rgb = tuple[int, int, int]

MIDDLE: Rgb = (247, 247, 247)
BELOW: Rgb = (33, 102, 172)
ABOVE: Rgb = (179, 88, 6)
"""Told apart by people with the usual kinds of colour blindness."""

BLACK, WHITE = "#000000", "#ffffff"


def shade(number: float, top: float) -> str:
    """The colour of a number on a scale from -top to top, as #rrggbb; beyond, that of the end."""
    share = min(1.0, abs(number) / top) if top > 0 else 0.0
    end = BELOW if number < 0 else ABOVE
    return as_hex(tuple(round(a + (b - a) * share) for a, b in zip(MIDDLE, end)))


def ink_on(background: str) -> str:
    """Black or white, whichever contrasts more; at least 4.58 : 1 on any colour."""
    return max((BLACK, WHITE), key=lambda ink: contrast(ink, background))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def as_hex(parts: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
