"""The student's own line, and below it a mark under the part that raised."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from autograder.records import Facts

CUT = "…"


def source_lines(facts: Facts, indent: str, width: int) -> Iterator[str]:
    """The line and a line of ~ that is as wide as the expression in it; nothing where no columns are known.

    Of a line that is longer than `width`, the part that begins near the expression.
    """
    if not {"code", "start", "stop"} <= facts.keys():
        return
    code, start, stop = str(facts["code"]), int(facts["start"]), int(facts["stop"])
    room = max(width - len(indent), 20)
    if columns(code) > room:
        first = max(0, start - room // 4)
        code, start, stop = _cut(code, first, room), start - first, stop - first
        if first:
            code, start, stop = CUT + code[1:], max(start, 1), max(stop, 2)
    yield indent + code
    yield indent + " " * columns(code[:start]) + "~" * max(columns(code[start:stop]), 1)


def _cut(code: str, first: int, room: int) -> str:
    """As many characters from `first` on as there is room for."""
    rest = code[first:]
    last = next((last for last in range(1, len(rest) + 1) if columns(rest[:last]) > room - 1), None)
    return rest if last is None else rest[: last - 1] + CUT


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for a wide character, none for an accent on the one before."""
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
