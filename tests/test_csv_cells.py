"""Cells of a CSV file: where they stand is where Python's csv module finds them, and nothing else moves."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.render.csv_cells import fill_in, read_csv

TEXTS = st.text(st.sampled_from('a"",\r\n é;'), max_size=30)


def texts(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in row] for row in read_csv(content).rows]


@given(TEXTS)
def test_cells_are_those_of_the_csv_module(text: str) -> None:
    """On any text at all: quotes within, left open and doubled, all line ends, empty lines."""
    file = read_csv(text.encode("utf-8"))

    assert [[cell.text for cell in row] for row in file.rows] == list(
        csv.reader(io.StringIO(text, newline=""), delimiter=file.delimiter)
    )


@given(st.binary(max_size=60) | TEXTS.map(lambda text: b"\xef\xbb\xbf" + text.encode("utf-8")))
def test_a_file_with_nothing_filled_in_has_the_same_bytes(content: bytes) -> None:
    """Whatever it holds, in whatever encoding; broken UTF-16 is no text."""
    if content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        assert fill_in(read_csv(content), {}) == content


@given(TEXTS, st.text(st.sampled_from('b",\n1'), max_size=6), st.randoms(use_true_random=False))
def test_what_is_filled_in_stands_there_and_nothing_else_changes(text: str, filling: str, random: object) -> None:
    """Read again, only that cell is another one; the bytes before it and after it are the same."""
    content = text.encode("utf-8")
    file = read_csv(content)
    places = [(row, column) for row, cells in enumerate(file.rows) for column in range(len(cells))]
    if not places:
        return
    row, column = random.choice(places)  # type: ignore[attr-defined]
    filled = fill_in(file, {(row, column): filling}).decode("utf-8")
    cell = file.rows[row][column]

    assert filled.startswith(text[: cell.start])
    assert filled.endswith(text[cell.end :])
    expected = texts(content)
    expected[row][column] = filling
    if filling or len(file.rows[row]) > 1 or cell.is_quoted:  # an empty cell alone on its line is an empty line
        again = csv.reader(io.StringIO(filled, newline=""), delimiter=file.delimiter)
        assert list(again) == expected


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter", "rows"),
    [
        pytest.param(b"a;b\r\n1,5;2\r\n", "utf-8", ";", [["a", "b"], ["1,5", "2"]], id="semicolons"),
        pytest.param(b'"a;b;c",d\n1,2\n', "utf-8", ",", [["a;b;c", "d"], ["1", "2"]], id="semicolons in quotes"),
        pytest.param(b"a\tb\n1\t2", "utf-8", "\t", [["a", "b"], ["1", "2"]], id="tabs"),
        pytest.param("\ufeffä,b\n".encode(), "utf-8", ",", [["ä", "b"]], id="a BOM"),
        pytest.param("ä,b\n".encode("cp1252"), "cp1252", ",", [["ä", "b"]], id="a spreadsheet of Windows"),
        pytest.param(b"\x81,b\n", "latin-1", ",", [["\x81", "b"]], id="bytes that nobody knows"),
        pytest.param("\ufeffä\tb\r\n".encode("utf-16-le"), "utf-16-le", "\t", [["ä", "b"]], id="UTF-16"),
    ],
)
def test_files_of_platforms_and_spreadsheets_are_read(
    content: bytes, encoding: str, delimiter: str, rows: list[list[str]]
) -> None:
    """And come out as they went in."""
    file = read_csv(content)

    assert (file.encoding, file.delimiter, texts(content)) == (encoding, delimiter, rows)
    assert fill_in(file, {}) == content
