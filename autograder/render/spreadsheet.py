"""Texts and numbers as cells of a spreadsheet: no text becomes a formula, and no number becomes a text."""

from __future__ import annotations

FORMULA = "=+-@＝＋－＠|%"
"""With one of these, the programs that open a CSV begin a formula, or a call of another program."""

CLOAKS = " \t\r\n\v\f\u00a0\"'`"
"""What they may pass over before that."""


def text_cell(text: str) -> str:
    """A text that somebody else chose, harmless in a spreadsheet and on a terminal: it begins no formula, an apostrophe
    in front sees to that, it stands on one line, and obeys nothing."""
    on_one_line = " ".join(text.split())
    shown = "".join(character if character.isprintable() else "�" for character in on_one_line)
    return f"'{shown}" if shown.lstrip(CLOAKS)[:1] in tuple(FORMULA) else shown


def number_cell(number: float | None, decimals: int = 0, point: str = ".") -> str:
    """A number with two decimals at most, and `decimals` of them at least; nothing for None."""
    if number is None:
        return ""
    whole, _, rest = f"{number:.2f}".partition(".")
    kept = rest.rstrip("0").ljust(decimals, "0")
    return f"{whole}{point}{kept}" if kept else whole
