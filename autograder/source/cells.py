"""The bytes of a file in, cells of text out: one cell for a script, the code cells of a notebook.

Standard library only, because the worker imports it.
"""

from __future__ import annotations

import json
import tokenize
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from autograder.records import Note

PYTHON_CELL_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")
"""Cell magics that are followed by ordinary Python; a cell with any other one is left out."""

LONGEST_QUOTE = 120


class UnreadableSource(Exception):
    """The file is no notebook or script; carries the note that says why."""

    def __init__(self, fault: str, **facts: Any) -> None:
        super().__init__(fault)
        self.note = Note(fault, facts)


@dataclass(frozen=True)
class Cell:
    """A piece of source; `where` is "code cell 4" in a notebook and "" in a script."""

    where: str
    text: str

    def quote(self, line: int) -> str:
        lines = self.text.split("\n")
        return lines[line - 1].strip()[:LONGEST_QUOTE] if 0 < line <= len(lines) else ""


def read_cells(source: bytes, kind: str) -> list[Cell]:
    """The cells of a file; `kind` is "notebook" or "script". Raises UnreadableSource."""
    return read_notebook(source) if kind == "notebook" else [Cell("", decode(source))]


def decode(source: bytes) -> str:
    """The text of a Python file, by its byte-order mark or coding line, else UTF-8."""
    if b"\0" in source:
        raise UnreadableSource("null-bytes")
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(source).readline)
        return source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise UnreadableSource("encoding", text=str(error)[:LONGEST_QUOTE]) from error


def read_notebook(source: bytes) -> list[Cell]:
    """The code cells of a notebook of format 4."""
    if not source.strip():
        raise UnreadableSource("not-a-notebook", text="it is empty")
    try:
        notebook = json.loads(source)
    except RecursionError as error:
        raise UnreadableSource("notebook-too-deep") from error
    except ValueError as error:
        raise UnreadableSource("not-a-notebook", text=str(error)[:LONGEST_QUOTE]) from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("nbformat"), int):
        raise UnreadableSource("not-a-notebook", text="it has no notebook format number")
    if notebook["nbformat"] != 4:
        raise UnreadableSource("notebook-format", version=notebook["nbformat"])
    if not isinstance(notebook.get("cells"), list):
        raise UnreadableSource("not-a-notebook", text="it has no list of cells")
    code_cells = [c for c in notebook["cells"] if isinstance(c, dict) and c.get("cell_type") == "code"]
    return [Cell(f"code cell {number}", _cell_text(cell)) for number, cell in enumerate(code_cells, start=1)]


def _cell_text(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.replace("\r\n", "\n").replace("\0", "") if isinstance(source, str) else ""


def without_cell_magic(text: str) -> str:
    """What is left for Python of a cell that may begin with a cell magic: everything, all but a line, or nothing."""
    first, _newline, _rest = text.lstrip("\n").partition("\n")
    if not first.startswith("%%"):
        return text
    if first.split()[0] in PYTHON_CELL_MAGICS:
        return text.replace(first, "#", 1)
    return ""
