"""HTML and SVG as text that cannot be broken out of: every text is escaped, unless it was made here."""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape

VOID = frozenset({"br", "img"})
"""Tags that hold nothing."""

_UNSEEN_ONES = "\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
_UNSEEN = re.compile(f"[{_UNSEEN_ONES}]")
"""Characters that no page may hold, and those that turn the direction of the text after them."""

_TOUCHED = re.compile(f"[&<>\"'{_UNSEEN_ONES}]")
"""All that is escaped. Most texts have none of it, and there are a thousand of them on a student's page."""


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def element(name: str, *children: str, **attributes: str) -> Markup:
    """`<name attribute="…">children</name>`; a child that is no Markup is escaped. Attributes that are "" are left out,
    and `_` in their names is `-`."""
    head = "".join([f' {key.replace("_", "-")}="{escaped(value)}"' for key, value in attributes.items() if value])
    return Markup(f"<{name}{head}>" if name in VOID else f"<{name}{head}>{joined(*children)}</{name}>")


def joined(*children: str) -> Markup:
    """The children one after the other, escaped unless they are Markup."""
    return Markup("".join([child if isinstance(child, Markup) else escaped(child) for child in children]))


def escaped(text: str) -> str:
    """The text as a page shows it, whatever is in it."""
    if _TOUCHED.search(text) is None:
        return text
    return escape(_UNSEEN.sub("\ufffd", text), quote=True)


def picture(svg: Markup, alt: str, width: float) -> Markup:
    """An SVG as an image: unlike `<svg>` itself, it is kept in a notebook that is not trusted."""
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    style = "display:block;max-width:100%;margin:8px 0"
    return element("img", src=source, alt=alt, width=f"{width:.0f}", style=style)
