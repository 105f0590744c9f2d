"""Texts and numbers as cells of a spreadsheet: no text becomes a formula, and no number becomes a text."""

from __future__ import annotations

FORMULA = "=+-@＝＋－＠|%"
"""With one of these, the programs that open a CSV begin a formula, or a call of another program."""

CLOAKS = " \t\r\n\v\f\u00a0\"'`"
"""What they may pass over before that."""


def on_one_line(text: str) -> str:
    """A text that somebody else chose, harmless on a terminal: it stands on one line, and obeys nothing."""
    return "".join(character if character.isprintable() else "�" for character in " ".join(text.split()))


def text_cell(text: str) -> str:
    """The same, harmless in a spreadsheet as well: an apostrophe in front of what would begin a formula."""
    shown = on_one_line(text)
    return f"'{shown}" if shown.lstrip(CLOAKS)[:1] in tuple(FORMULA) else shown


def number_cell(number: float | None, decimals: int = 0, point: str = ".") -> str:
    """A number with two decimals at most, and `decimals` of them at least; nothing for None."""
    if number is None:
        return ""
    whole, _, rest = f"{number:.2f}".partition(".")
    kept = rest.rstrip("0").ljust(decimals, "0")
    return f"{whole}{point}{kept}" if kept else whole
