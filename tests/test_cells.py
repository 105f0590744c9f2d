"""How a file becomes cells of text, and why some files do not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sources import F, kept, notebook, notes

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


def cell(kind: str, source: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source}


NOTED = [
    pytest.param("script", f"\ufeff{F}".encode("utf-16-le"), ("not-utf-8", "Python", "UTF-16"), id="utf-16"),
    pytest.param("script", f"\ufeff{F}".encode("utf-16-be"), ("not-utf-8", "Python", "UTF-16"), id="utf-16-be"),
    pytest.param("script", f"\ufeff{F}".encode("utf-32-le"), ("not-utf-8", "Python", "UTF-32"), id="utf-32"),
    pytest.param("script", f"# é €\n{F}".encode("cp1252"), ("not-utf-8", "Python", "Windows-1252"), id="windows"),
    pytest.param("script", b"# \x81\xe9\n" + F.encode(), ("not-utf-8", "Python", "Latin-1"), id="latin-1"),
    pytest.param("script", b"\xef\xbb\xbf# \xe9\n" + F.encode(), ("not-utf-8", "Python", "Windows-1252"), id="mixed"),
    pytest.param(
        "script", f"# coding: utf8\n{F}  # é".encode("latin-1"), ("not-utf-8", "Python", "Windows-1252"), id="no-utf-8"
    ),
    pytest.param("script", f"# coding: klingon\n{F}".encode(), ("wrong-coding-line", "klingon", "UTF-8"), id="unknown"),
    pytest.param(
        "script", f"# coding: ascii\n# é\n{F}".encode(), ("wrong-coding-line", "ascii", "UTF-8"), id="too-narrow"
    ),
    pytest.param("script", f"# coding: hex\n{F}".encode(), ("wrong-coding-line", "hex", "UTF-8"), id="no-text"),
    pytest.param(
        "notebook",
        json.dumps(json.loads(notebook(f"# é\n{F}")), ensure_ascii=False).encode("latin-1"),
        ("not-utf-8", "Jupyter", "Windows-1252"),
        id="notebook",
    ),
    pytest.param(
        "notebook",
        b"\xff\xfe" + notebook(F).decode().encode("utf-16-le"),
        ("not-utf-8", "Jupyter", "UTF-16"),
        id="notebook-in-utf-16",
    ),
    pytest.param("script", notebook(F), ("notebook-as-script",), id="notebook-as-script"),
    pytest.param("notebook", F.encode(), ("script-as-notebook",), id="script-as-notebook"),
]


@pytest.mark.parametrize(("kind", "source", "note"), NOTED)
def test_what_python_or_jupyter_would_refuse_is_read_with_a_note(
    kind: str, source: bytes, note: tuple[str, ...]
) -> None:
    """Where there is no doubt what was meant, nothing is lost, and what should be saved otherwise is said."""
    extracted = extract(source, kind, ["f"])

    assert kept(extracted) == ["def f(x):"]
    assert [(fault, *facts.values()) for fault, facts in notes(extracted)] == [note]


def old(version: int, *cells: dict[str, Any], **fields: Any) -> bytes:
    return json.dumps({"nbformat": version, "worksheets": [{"cells": list(cells)}], **fields}).encode()


UNREADABLE = [
    pytest.param("script", F.encode() + b"\0", "null-bytes", {}, id="null-bytes"),
    pytest.param("script", F.encode("utf-16-le"), "null-bytes", {}, id="utf-16-without-a-mark"),
    pytest.param("script", b"\0" * 9, "only-null-bytes", {}, id="nothing-but-null-bytes"),
    pytest.param("notebook", b"\0" * 9, "only-null-bytes", {}, id="notebook-of-null-bytes"),
    pytest.param("script", b"", "empty", {}, id="empty-script"),
    pytest.param("notebook", b" \r\n", "empty", {}, id="blank-notebook"),
    pytest.param("script", b"\xef\xbb\xbf", "empty", {}, id="nothing-but-a-mark"),
    pytest.param("script", b"PK\x03\x04rest", "is-zip", {"kind": "script"}, id="zip"),
    pytest.param("notebook", b"\x1f\x8brest", "is-gzip", {"kind": "notebook"}, id="gzip"),
    pytest.param("notebook", b"%PDF-1.7\n", "is-pdf", {"kind": "notebook"}, id="pdf"),
    pytest.param("script", b"\n<!doctype HTML>\n", "is-web-page", {"kind": "script"}, id="web-page"),
    pytest.param("notebook", b'<html lang="en">', "is-web-page", {"kind": "notebook"}, id="web-page-without-a-type"),
    pytest.param(
        "notebook", b"version https://git-lfs.github.com/spec/v1\n", "is-lfs-pointer", {"kind": "notebook"}, id="lfs"
    ),
    *(
        pytest.param("notebook", notebook(F)[:size], "cut-off", {}, id=f"cut-off-after-{size}")
        for size in (1, 20, 60, 95, 130, len(notebook(F)) - 1)
    ),
    pytest.param("script", notebook(F)[:-1], "cut-off", {}, id="cut-off-and-named-py"),
    pytest.param(
        "notebook",
        b'{"nbformat": 4,\n<<<<<<< HEAD\n"cells": []}\n=======\n"cells": []}\n>>>>>>> theirs\n',
        "merge-conflict",
        {},
        id="merge-conflict",
    ),
    pytest.param(
        "notebook",
        notebook(F).replace(b'"cells":', b'"cells"'),
        "not-a-notebook",
        {"text": "Expecting ':' delimiter: line 1 column 62 (char 61)"},
        id="invalid-in-the-middle",
    ),
    pytest.param(
        "notebook", b"hello", "not-a-notebook", {"text": "Expecting value: line 1 column 1 (char 0)"}, id="words"
    ),
    pytest.param("notebook", b"[]", "not-a-notebook", {"text": "it has no notebook format number"}, id="list"),
    pytest.param("notebook", b'"x"', "not-a-notebook", {"text": "it has no notebook format number"}, id="text"),
    pytest.param("notebook", b"{}", "not-a-notebook", {"text": "it has no notebook format number"}, id="empty-object"),
    pytest.param("notebook", notebook(nbformat=1), "notebook-format", {"version": 1}, id="format-1"),
    pytest.param("notebook", notebook(nbformat=5), "notebook-format", {"version": 5}, id="format-5"),
    *(
        pytest.param(
            "notebook",
            notebook(nbformat=version),
            "not-a-notebook",
            {"text": "it has no notebook format number"},
            id=f"format-{name}",
        )
        for name, version in (("as-text", "4"), ("true", True), ("below-zero", -1), ("beyond-reason", 10**400))
    ),
    pytest.param("notebook", notebook(cells={}), "not-a-notebook", {"text": "it has no list of cells"}, id="no-cells"),
    pytest.param(
        "notebook", old(4, cell("code", F)), "not-a-notebook", {"text": "it has no list of cells"}, id="old-in-new"
    ),
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


CELL_LISTS = [
    pytest.param([cell("code", F)], [F], id="text"),
    pytest.param([cell("code", ["def f(x):\n", "    return x"])], [F], id="list-of-lines"),
    pytest.param([cell("markdown", F), cell("raw", F), cell("code", "y")], ["y"], id="markdown-and-raw"),
    pytest.param([cell("code", F.replace("\n", "\r\n"))], [F], id="windows-lines"),
    pytest.param([cell("code", "a\0b")], ["ab"], id="null-byte"),
    pytest.param([cell("code", None), {"cell_type": "code"}, cell("code", [1, "y"])], ["", "", "y"], id="odd-sources"),
    pytest.param(["code", None, cell("code", "y")], ["y"], id="odd-cells"),
    pytest.param(
        [cell("heading", F), cell("widget", F), cell(["code"], F), {"source": F}, cell("code", "y")],
        ["y"],
        id="odd-types",
    ),
    pytest.param([{"source": F, "outputs": []}, {"execution_count": 1, "source": "y"}], [F, "y"], id="code-of-no-type"),
    pytest.param([], [], id="none"),
]


@pytest.mark.parametrize(("cells", "texts"), CELL_LISTS)
def test_the_code_cells_of_a_notebook_are_read(cells: list[Any], texts: list[str]) -> None:
    """Code cells count from one, whatever stands between them."""
    read = read_document(notebook(cells=cells), "notebook").code_cells

    assert [one.text for one in read] == texts
    assert [one.where for one in read] == [f"code cell {number}" for number in range(1, len(texts) + 1)]


OLD = [
    pytest.param(old(3, {"cell_type": "code", "input": F}, {"cell_type": "heading", "source": "y"}), id="format-3"),
    pytest.param(old(2, {"cell_type": "code", "input": F.splitlines(True)}), id="format-2"),
    pytest.param(old(3, worksheets=[7, {}, {"cells": [{"cell_type": "code", "input": F}]}]), id="odd-worksheets"),
    pytest.param(notebook(F, nbformat=3), id="cells-without-worksheets"),
]


@pytest.mark.parametrize("source", OLD)
def test_the_formats_before_4_are_read_like_it(source: bytes) -> None:
    """Whoever kept an old notebook, or an old tool, has lost nothing."""
    extracted = extract(source, "notebook", ["f"])

    assert kept(extracted) == ["def f(x):"]
    assert notes(extracted) == []
