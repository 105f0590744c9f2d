"""The bytes of a file in, cells of text out: one cell for a script, all cells of a notebook.

Files come as people save them: in old formats and odd encodings, under the wrong ending, cut off, or as something else
altogether. What can be read without a doubt is read, with a note; what cannot says what it is.
"""

from __future__ import annotations

import codecs
import json
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from autograder.records import Note

FORMATS = (2, 3, 4)
"""The notebook formats that are read. Cells of 2 and 3 stand in worksheets, and their code under "input"."""

PYTHON_CELL_MAGICS = ("%%time", "%%capture", "%%prun", "%%memit", "%%snakeviz")
"""Cell magics whose cell runs as ordinary Python. A cell with any other one is left out: under `%%timeit`, for one,
what is defined is gone afterwards."""

LONGEST_QUOTE = 120

MOST_RUNS = 1_000_000
"""A larger execution count is not believed."""

_SIGNATURES = (
    (re.compile(rb"PK(?:\x03\x04|\x05\x06)"), "is-zip"),
    (re.compile(rb"\x1f\x8b"), "is-gzip"),
    (re.compile(rb"\s*%PDF-"), "is-pdf"),
)
_BEGINNINGS = (
    (re.compile(r"<(?:!doctype\s+html|html|head|\?xml)\b", re.IGNORECASE), "is-web-page"),
    (re.compile(r"version https://git-lfs\."), "is-lfs-pointer"),
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # begins like that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_WINDOWS = codecs.lookup("cp1252")
"""Looked up here, because a worker that has given everything up finds no codec any more."""

_CODING_LINE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)
_PYTHON_LINE = re.compile(r"^(?:(?:def|class|import|from|async) |@\w|# ?%%)", re.MULTILINE)
_CONFLICT = re.compile(r"^[ \t]*<{7}(?: |$)", re.MULTILINE)
_UNFINISHED = 6
"""Characters that an unfinished `true`, `null` or `\\u00e4` at the very end may have."""


class UnreadableSource(Exception):
    """The file is no notebook or script; carries the note that says why."""

    def __init__(self, fault: str, **facts: Any) -> None:
        super().__init__(fault)
        self.note = Note(fault, facts)


@dataclass(frozen=True)
class Cell:
    """A piece of source; `where` is "code cell 4" in a notebook and "" in a script.

    `left_out` says why its text is not Python, if it is not: its cell magic, or the type of the cell. `runs` is its
    execution count, and `shown` the text of its outputs.
    """

    where: str
    text: str
    left_out: str = ""
    runs: int = 0
    shown: str = ""

    def quote(self, line: int) -> str:
        lines = self.text.split("\n")
        return lines[line - 1].strip()[:LONGEST_QUOTE] if 0 < line <= len(lines) else ""


@dataclass(frozen=True)
class Document:
    """All cells of a file, and what a person should know about how it was saved."""

    cells: tuple[Cell, ...]
    notes: tuple[Note, ...] = ()

    @property
    def code_cells(self) -> list[Cell]:
        """The cells that hold code in any language: those under a cell magic, too."""
        return [cell for cell in self.cells if not cell.left_out or cell.left_out.startswith("%%")]


def read_document(source: bytes, kind: str) -> Document:
    """The cells of a file; `kind`, "notebook" or "script", is what its name says. Raises UnreadableSource."""
    _refuse_what_is_nothing(source)
    for signature, fault in _SIGNATURES:
        if signature.match(source):
            raise UnreadableSource(fault, kind=kind)
    text, notes = decode(source, kind)
    for beginning, fault in _BEGINNINGS:
        if beginning.match(text.lstrip()):
            raise UnreadableSource(fault, kind=kind)
    if "\0" in text:
        raise UnreadableSource("null-bytes")

    is_json = text.lstrip().startswith(("{", "["))
    if kind == "script" and is_json and ('"nbformat"' in text or '"cell_type"' in text):
        return Document(tuple(_notebook_cells(text)), (*notes, Note("notebook-as-script")))
    if kind == "notebook" and not is_json and _PYTHON_LINE.search(text):
        return Document((Cell("", text),), (*notes, Note("script-as-notebook")))
    return Document(tuple(_notebook_cells(text)) if kind == "notebook" else (Cell("", text),), notes)


def _refuse_what_is_nothing(source: bytes) -> None:
    for mark, _, _ in _MARKS:
        source = source.removeprefix(mark)
    if not source.strip():
        raise UnreadableSource("empty")
    if not source.strip(b"\0"):
        raise UnreadableSource("only-null-bytes")


# ---- from bytes to text ------------------------------------------------------------------------------------


def decode(source: bytes, kind: str) -> tuple[str, tuple[Note, ...]]:
    """The text of a file, with plain line ends, and a note where Python or Jupyter would refuse its encoding."""
    reader = {"reader": "Jupyter" if kind == "notebook" else "Python"}
    text, encoding = _text_with_mark(source)
    if text is not None:
        return _plain_lines(text), (Note("not-utf-8", {**reader, "encoding": encoding}),) if encoding else ()
    try:
        return _plain_lines(source.decode(_declared_encoding(source, kind))), ()
    except (SyntaxError, ValueError, LookupError):  # a UnicodeError is a ValueError
        text, encoding = _guessed(source.removeprefix(codecs.BOM_UTF8))
    coding = _CODING_LINE.search(b"\n".join(source.splitlines()[:2])) if kind == "script" else None
    if coding is not None and coding.group(1).lower().replace(b"_", b"-") not in (b"utf-8", b"utf8"):
        declared = coding.group(1).decode("latin-1")[:LONGEST_QUOTE]
        return _plain_lines(text), (Note("wrong-coding-line", {"declared": declared, "encoding": encoding}),)
    return _plain_lines(text), (Note("not-utf-8", {**reader, "encoding": encoding}),)


def _text_with_mark(source: bytes) -> tuple[str | None, str]:
    """The text of a file with a byte-order mark, and its encoding in words where Python does not read it."""
    for mark, encoding, words in _MARKS:
        if source.startswith(mark):
            if encoding != "utf-8":
                return source.decode(encoding, "replace"), words
            try:
                return source[len(mark) :].decode(encoding), ""
            except UnicodeDecodeError:
                return None, ""
    return None, ""


def _declared_encoding(source: bytes, kind: str) -> str:
    if kind == "notebook":
        return json.detect_encoding(source)
    return tokenize.detect_encoding(BytesIO(source).readline)[0]


def _guessed(source: bytes) -> tuple[str, str]:
    """The text in the first encoding that fits, and what people call that encoding. Latin-1 fits all bytes."""
    try:
        return source.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return _WINDOWS.decode(source)[0], "Windows-1252"
    except UnicodeDecodeError:
        return source.decode("latin-1"), "Latin-1"


def _plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


# ---- from text to the cells of a notebook ------------------------------------------------------------------


def _notebook_cells(text: str) -> Iterable[Cell]:
    counts: dict[str, int] = {}
    for cell in _raw_cells(_json(text)):
        cell_type = _cell_type(cell)
        counts[cell_type] = counts.get(cell_type, 0) + 1
        where, source = f"{cell_type} cell {counts[cell_type]}", _cell_text(cell)
        if cell_type == "code":
            yield Cell(where, source, _other_language(source), _runs(cell), _shown(cell))
        else:
            yield Cell(where, source, cell_type)


def _json(text: str) -> dict[str, Any]:
    """A notebook's JSON, of one of the formats that are read. Raises UnreadableSource."""
    try:
        notebook = json.loads(text)
    except RecursionError as error:
        raise UnreadableSource("notebook-too-deep") from error
    except ValueError as error:
        if _CONFLICT.search(text):
            raise UnreadableSource("merge-conflict") from error
        if isinstance(error, json.JSONDecodeError) and _is_cut_off(text, error):
            raise UnreadableSource("cut-off") from error
        raise UnreadableSource("not-a-notebook", text=str(error)[:LONGEST_QUOTE]) from error
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or not 0 <= version < 1000:
        raise UnreadableSource("not-a-notebook", text="it has no notebook format number")
    if version not in FORMATS:
        raise UnreadableSource("notebook-format", version=version)
    return dict(notebook)


def _is_cut_off(text: str, error: json.JSONDecodeError) -> bool:
    """Whether the text is right JSON up to its end, which is missing. A string that never ends runs to the end."""
    is_json = text.lstrip().startswith(("{", "["))
    is_at_the_end = error.pos >= len(text.rstrip()) - _UNFINISHED
    return is_json and (is_at_the_end or error.msg.startswith("Unterminated string"))


def _raw_cells(notebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    lists: list[Any] = [notebook.get("cells")]
    if notebook["nbformat"] < 4 and isinstance(notebook.get("worksheets"), list):
        lists += [sheet.get("cells") for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
    lists = [cells for cells in lists if isinstance(cells, list)]
    if not lists:
        raise UnreadableSource("not-a-notebook", text="it has no list of cells")
    return [cell for cells in lists for cell in cells if isinstance(cell, dict)]


def _cell_type(cell: Mapping[str, Any]) -> str:
    """Its type; a cell of no type that was run, or has outputs, is code. A heading of format 3 is text."""
    cell_type = cell.get("cell_type")
    if cell_type in ("code", "markdown", "raw"):
        return str(cell_type)
    if cell_type is None and ({"outputs", "execution_count", "input"} & cell.keys()):
        return "code"
    return "text"


def _cell_text(cell: Mapping[str, Any]) -> str:
    """The text of a cell, which may be a list of lines."""
    return _plain_lines(_joined(cell.get("source", cell.get("input"))).replace("\0", ""))


def _joined(text: Any) -> str:
    if isinstance(text, list):
        return "".join(line for line in text if isinstance(line, str))
    return text if isinstance(text, str) else ""


def _runs(cell: Mapping[str, Any]) -> int:
    count = cell.get("execution_count", cell.get("prompt_number"))
    return count if isinstance(count, int) and 0 < count < MOST_RUNS else 0


def _shown(cell: Mapping[str, Any]) -> str:
    """What its outputs show as text, line by line. Format 3 has the text of a result where 4 has that of a stream."""
    outputs = cell.get("outputs")
    texts: list[Any] = []
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(output, dict):
            data = output.get("data")
            texts += [output.get("text"), data.get("text/plain") if isinstance(data, dict) else None]
    return "\n".join(text for text in map(_joined, texts) if text)


# ---- from a cell to Python ---------------------------------------------------------------------------------


def python_text(cell: Cell) -> str:
    """What is left of a cell for Python, line for line: without its cell magic, and at the left margin."""
    if cell.left_out:
        return ""
    text = cell.text
    if not cell.where:
        return text
    indent = re.match(r"(?:[ \t]*\n)*([ \t]*)", text)
    if indent and indent.group(1):  # as in a notebook: what all lines share with the first one is no indentation
        text = re.sub(f"^{indent.group(1)}", "", text, flags=re.MULTILINE)
    first = _first_line(text)
    return text.replace(first, "#", 1) if first.startswith("%%") else text


def _other_language(text: str) -> str:
    """`%%bash`, for the text of a cell that Python does not run. Only blank lines may stand above a cell magic."""
    first = _first_line(text).strip()
    magic = first.split()[0] if first.startswith("%%") else ""
    return "" if magic in PYTHON_CELL_MAGICS or magic.endswith("?") else magic[:LONGEST_QUOTE]


def _first_line(text: str) -> str:
    return text.lstrip().partition("\n")[0]
