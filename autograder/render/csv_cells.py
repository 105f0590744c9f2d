"""A CSV file as cells that know where they stand, so that some can be filled in and every other byte stays.

Cells begin and end as Python's own csv module has it; that module does not say where, and would write the file anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
FALLBACKS = ("utf-8", "cp1252", "latin-1")
"""Encodings that are tried, in this order, on a file that does not say. The last one reads everything."""

BOM = "\ufeff"
DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and from where to where in the text that is written, quotes and all."""

    text: str
    start: int
    end: int
    is_quoted: bool = False


@dataclass(frozen=True)
class CsvFile:
    """A whole file: its text, how that is encoded, and its rows. A row of an empty line has no cells."""

    text: str
    encoding: str
    delimiter: str
    rows: tuple[tuple[Cell, ...], ...]


def read_csv(content: bytes) -> CsvFile:
    """The file with its cells. The delimiter is what the first line has most of, outside of quotes.

    Raises UnicodeDecodeError for UTF-16 that is none.
    """
    declared = [encoding for bom, encoding in BOMS.items() if content.startswith(bom)]
    encoding = next(one for one in declared or FALLBACKS if one == "latin-1" or declared or _reads(content, one))
    text = content.decode(encoding)
    first_line = re.sub(r'"[^"]*"', "", text).lstrip("\r\n").partition("\n")[0].partition("\r")[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    return CsvFile(text, encoding, delimiter, _rows(text, delimiter))


def fill_in(file: CsvFile, cells: Mapping[tuple[int, int], str]) -> bytes:
    """The file with other texts in some cells, by row and column; all other bytes are those that were there."""
    parts, position = [], 0
    for (row, column), text in sorted(cells.items()):
        cell = file.rows[row][column]
        parts += [file.text[position : cell.start], _written(text, file.delimiter, cell.is_quoted)]
        position = cell.end
    return "".join([*parts, file.text[position:]]).encode(file.encoding, errors="replace")


def _reads(content: bytes, encoding: str) -> bool:
    """Whether the bytes are text in this encoding, and the same bytes again when that text is written."""
    try:
        return content.decode(encoding).encode(encoding) == content
    except UnicodeError:
        return False


def _rows(text: str, delimiter: str) -> tuple[tuple[Cell, ...], ...]:
    stop = re.escape(delimiter) + r"\r\n"
    cell = re.compile(rf'"(?P<quoted>[^"]*(?:""[^"]*)*)(?:"|\Z)(?P<after>[^{stop}]*)|(?P<plain>[^{stop}]*)')
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    at = 1 if text.startswith(BOM) else 0
    while at < len(text) or row:
        found = cell.match(text, at)
        assert found is not None  # it matches the empty text, too
        at = found.end()
        if found["quoted"] is None:
            row.append(Cell(found["plain"], found.start(), at))
        else:
            row.append(Cell(found["quoted"].replace('""', '"') + found["after"], found.start(), at, is_quoted=True))
        if text.startswith(delimiter, at):
            at += len(delimiter)
            continue
        is_empty_line = len(row) == 1 and row[0].start == row[0].end
        rows.append(() if is_empty_line else tuple(row))
        row = []
        at += 2 if text.startswith("\r\n", at) else 1
    return tuple(rows)


def _written(text: str, delimiter: str, is_quoted: bool) -> str:
    """A text as a cell: in quotes where it was, and where it has to be."""
    if is_quoted or any(character in text for character in (delimiter, '"', "\r", "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text
