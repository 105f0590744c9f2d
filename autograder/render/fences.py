"""Text that a student may have written, within Markdown: as it is, whatever is in it."""

from __future__ import annotations

import re


def fenced(text: str) -> str:
    """A block behind a fence that is longer than any in the text, and without control characters."""
    text = plain(text)
    longest = max((len(ticks) for ticks in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def plain(text: str) -> str:
    """The text without control characters, which a terminal or a page might obey."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "�" for letter in text)
