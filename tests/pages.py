"""What a notebook keeps of HTML that it does not trust, and a reader that complains of everything else."""

from __future__ import annotations

import re
from base64 import b64decode
from html.parser import HTMLParser
from xml.etree import ElementTree

ATTRIBUTES = {
    **dict.fromkeys(("div", "span", "b", "code", "pre", "summary", "details", "table", "caption", "tr"), frozenset()),
    "th": frozenset({"scope"}),
    "td": frozenset({"colspan"}),
    "img": frozenset({"src", "alt", "width"}),
}
"""Tags that a card may have, each with what it may have beside `style` and `title`."""

STYLES = frozenset(
    {"background-color", "border", "border-bottom", "border-collapse", "border-left", "border-radius", "caption-side"}
    | {"color", "cursor", "display", "float", "font-family", "font-size", "font-weight", "line-height", "margin"}
    | {"margin-left", "margin-top", "max-width", "opacity", "overflow-wrap", "overflow-x", "padding", "text-align"}
    | {"vertical-align", "white-space"}
)
"""Properties that JupyterLab leaves in the `style` of a notebook that is not trusted."""

LOST = re.compile(r"(?<!\d)\.\d|var\(|url\(|calc\(|!important")
"""Values for which JupyterLab drops a property: `.5` is none of its numbers."""

VOID = frozenset({"img"})


class Page(HTMLParser):
    """Reads HTML, and raises AssertionError for whatever would be lost or could do something.

    `text` is all that is read, `rows` the number of cells in each row, `pictures` the SVG of each image and `alts`
    their words.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.texts: list[str] = []
        self.styles: list[dict[str, str]] = []
        self.rows: list[int] = []
        self.pictures: list[ElementTree.Element] = []
        self.alts: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ATTRIBUTES, f"<{tag}>"
        given = {name: value or "" for name, value in attrs}
        assert len(given) == len(attrs), f"<{tag}> has an attribute twice"
        assert set(given) <= ATTRIBUTES[tag] | {"style", "title"}, f"<{tag}> has {sorted(given)}"
        style = dict(part.split(":", 1) for part in given.get("style", "").split(";") if part)
        assert set(style) <= STYLES, f"<{tag}> has the style {sorted(set(style) - STYLES)}"
        assert not LOST.search(given.get("style", "")), given["style"]
        self.styles.append(style)
        if tag == "tr":
            self.rows.append(0)
        if tag in ("th", "td"):
            self.rows[-1] += 1
        if tag == "img":
            kind, data = given["src"].split(",", 1)
            assert kind == "data:image/svg+xml;base64"
            assert given["alt"]
            self.pictures.append(ElementTree.fromstring(b64decode(data)))
            self.alts.append(given["alt"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], f"</{tag}> closes something else"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")
