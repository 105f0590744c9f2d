"""What a notebook's grader returns: one thing to read, as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any


@dataclass(frozen=True)
class Card:
    """Shown as HTML where there is a browser, and as its text elsewhere, and in what is saved without HTML."""

    text: str
    html: str

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self.html}


def sentence_card(text: str) -> Card:
    """A card of nothing but some lines of text."""
    lines = "<br>".join(escape(line) for line in text.splitlines())
    return Card(text, f'<div style="margin:4px 0;max-width:720px;line-height:1.5">{lines}</div>')
