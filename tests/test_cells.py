"""How a file becomes cells of text, and why some files do not."""

from __future__ import annotations

from typing import Any

import pytest
from sources import F, kept, notebook

from autograder.source.cells import UnreadableSource, read_document
from autograder.source.extract import extract

ENCODED = [
    pytest.param(F.replace("\n", "\r\n").encode(), id="windows-lines"),
    pytest.param(F.replace("\n", "\r").encode(), id="old-mac-lines"),
    pytest.param(b"\xef\xbb\xbf" + F.encode(), id="byte-order-mark"),
    pytest.param(f"# -*- coding: latin-1 -*-\n# \xe9t\xe9\n{F}".encode("latin-1"), id="coding-line"),
    pytest.param(f"# été\n{F}".encode(), id="utf-8"),
    pytest.param(f"{F}\n\x0c\n".encode(), id="form-feed"),
]


@pytest.mark.parametrize("source", ENCODED)
def test_a_script_is_decoded_as_python_would(source: bytes) -> None:
    """Byte-order marks, coding lines and the line ends of all systems are no reason to lose points."""
    assert kept(extract(source, "script", ["f"])) == ["def f(x):"]


UNREADABLE = [
    pytest.param("script", F.encode() + b"\0", "null-bytes", {}, id="null-bytes"),
    pytest.param("script", F.encode("utf-16"), "null-bytes", {}, id="utf-16"),
    pytest.param(
        "script",
        b"# \xe9\n" + F.encode(),
        "encoding",
        {"text": "invalid or missing encoding declaration"},
        id="latin-1-at-the-top",
    ),
    pytest.param(
        "script",
        f"# coding: klingon\n{F}".encode(),
        "encoding",
        {"text": "unknown encoding: klingon"},
        id="unknown-encoding",
    ),
    pytest.param("notebook", b"", "not-a-notebook", {"text": "it is empty"}, id="empty-file"),
    pytest.param(
        "notebook",
        b"{",
        "not-a-notebook",
        {"text": "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
        id="cut-off",
    ),
    pytest.param(
        "notebook",
        b"import numpy",
        "not-a-notebook",
        {"text": "Expecting value: line 1 column 1 (char 0)"},
        id="a-script",
    ),
    pytest.param("notebook", b"[]", "not-a-notebook", {"text": "it has no notebook format number"}, id="list"),
    pytest.param("notebook", b'"x"', "not-a-notebook", {"text": "it has no notebook format number"}, id="text"),
    pytest.param("notebook", b"{}", "not-a-notebook", {"text": "it has no notebook format number"}, id="empty-object"),
    pytest.param("notebook", notebook(nbformat=3), "notebook-format", {"version": 3}, id="format-3"),
    pytest.param("notebook", notebook(nbformat=5), "notebook-format", {"version": 5}, id="format-5"),
    pytest.param(
        "notebook",
        notebook(nbformat="4"),
        "not-a-notebook",
        {"text": "it has no notebook format number"},
        id="format-as-text",
    ),
    pytest.param("notebook", notebook(cells={}), "not-a-notebook", {"text": "it has no list of cells"}, id="no-cells"),
    pytest.param("notebook", b"[" * 100_000, "notebook-too-deep", {}, id="nested-too-deeply"),
]


@pytest.mark.parametrize(("kind", "source", "fault", "facts"), UNREADABLE)
def test_what_is_no_submission_is_refused_with_the_reason(
    kind: str, source: bytes, fault: str, facts: dict[str, Any]
) -> None:
    """A file that cannot be read as a whole says why, and is no zero without a word."""
    with pytest.raises(UnreadableSource) as raised:
        extract(source, kind, ["f"])

    assert (raised.value.note.fault, dict(raised.value.note.facts)) == (fault, facts)


def cell(kind: str, source: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source}


CELL_LISTS = [
    pytest.param([cell("code", F)], [F], id="text"),
    pytest.param([cell("code", ["def f(x):\n", "    return x"])], [F], id="list-of-lines"),
    pytest.param([cell("markdown", F), cell("raw", F), cell("code", "y")], ["y"], id="markdown-and-raw"),
    pytest.param([cell("code", F.replace("\n", "\r\n"))], [F], id="windows-lines"),
    pytest.param([cell("code", "a\0b")], ["ab"], id="null-byte"),
    pytest.param([cell("code", None), {"cell_type": "code"}, cell("code", [1, "y"])], ["", "", "y"], id="odd-sources"),
    pytest.param(["code", None, cell("code", "y")], ["y"], id="odd-cells"),
    pytest.param([], [], id="none"),
]


@pytest.mark.parametrize(("cells", "texts"), CELL_LISTS)
def test_the_code_cells_of_a_notebook_are_read(cells: list[Any], texts: list[str]) -> None:
    """Code cells count from one, whatever stands between them."""
    read = read_document(notebook(cells=cells), "notebook").code_cells

    assert [one.text for one in read] == texts
    assert [one.where for one in read] == [f"code cell {number}" for number in range(1, len(texts) + 1)]
