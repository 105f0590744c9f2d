"""A student's evening in a real JupyterLab, from the handout to full marks; and what others see of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from browser import DARK, LIGHT, browser_page, chromium, lab, open_notebook
from handouts import FIRST_CELL, solution_of, solved, stubs_in, unpack_handout, write
from nbformat.v4 import new_code_cell, new_notebook, new_output

from conftest import ROOT

if TYPE_CHECKING:
    from browser import OpenNotebook
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.notebook,
    pytest.mark.skipif(chromium() is None, reason="no browser here: apt-get install chromium"),
]

MULTIPLY = 'grader.check("multiply")'
HINT = 'grader.hint("multiply")'
GRAPH = 'grader.check("graph")'

SWAPPED = """def multiply_backward(grad_out, a, b):
    return unbroadcast(grad_out * a, a.shape), unbroadcast(grad_out * b, b.shape)"""

# What is drawn of an element: a page that forgot a style differs here.
DRAWN = """element => {
    const style = getComputedStyle(element);
    const names = ["color", "background-color", "border-top", "border-left", "display", "font-weight", "max-width"];
    return [element.tagName, ...names.map(name => style.getPropertyValue(name))];
}"""

PROBE = (
    '<p><svg width="9" height="9"><circle r="4"></circle></svg></p>'
    '<table style="border:1px solid rgb(200, 100, 0)"><tr><th scope="row">row</th><td title="told">1</td></tr></table>'
    "<details><summary>more</summary>of it</details>"
    '<img alt="a dot" src="data:image/svg+xml;base64,'
    "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI5IiBoZWlnaHQ9IjkiPjxyZWN0IHdpZHRoPSI5IiBoZWlnaH"
    'Q9IjkiLz48L3N2Zz4="/>'
)
"""HTML of all kinds that a card may use, and one that it may not: an svg."""


@pytest.fixture
def page() -> Iterator[Page]:
    with browser_page() as page:
        yield page


def folder_in(tmp_path: Path) -> Path:
    folder = tmp_path / "homework"
    folder.mkdir()
    return folder


def write_all(notebook: OpenNotebook, file: Path) -> None:
    """Paste an answer into each stub, and run its cell."""
    for cell in nbformat.read(file, as_version=4).cells:
        for function in stubs_in(cell):
            notebook.paste_over(f"def {function}(", solution_of(function))
            notebook.run(f"def {function}(")


def graded(file: Path) -> Any:
    """What `grader grade` says of one file."""
    command = [sys.executable, "-c", "from grader_cli.main import main; main()", "grade", str(file), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    (report,) = json.loads(done.stdout)["reports"]
    return report


def test_from_the_handout_to_full_marks(tmp_path: Path, page: Page) -> None:
    """Open, try, be told, be given a hint, get it right, see what is left, hand in: all marks for what is handed in."""
    file = unpack_handout(folder_in(tmp_path))

    with lab(file.parent, tmp_path / "home") as address:
        notebook = open_notebook(page, address, file)
        for text in ("grader = Notebook(", "import numpy as np", "def multiply_backward("):
            notebook.run(text)
        not_started = notebook.run(MULTIPLY).inner_text()

        notebook.type_over("def multiply_backward(", "raise NotImplemented", "return grad_out * b, grad_out * a")
        notebook.run("def multiply_backward(")
        not_yet = notebook.run(MULTIPLY).inner_text()
        notebook = notebook.add_below(MULTIPLY, HINT)
        hint = notebook.run(HINT).inner_text()

        write_all(notebook, file)
        passed = notebook.run(MULTIPLY).inner_text()
        strip = notebook.run("grader.check_all()").inner_text()
        unsaved = notebook.run("grader.export()").inner_text()
        notebook.save()
        packed = notebook.run("grader.export()").inner_text()

    assert "Not started" in not_started
    assert "Not yet" in not_yet
    assert "What broadcasting repeated was not added up in grad_b." in " ".join(not_yet.split())
    assert "Compare the shape of b with that of grad_b." in hint
    assert "Passed" in passed
    assert "100 / 100" in strip
    assert "Everything is right." in strip
    assert "multiply_backward" in unsaved
    assert "backprop-hand-in.zip" in packed
    report = graded(file.with_name("backprop-hand-in.zip"))
    assert (report["outcome"], report["score"], report["max_score"]) == ("graded", 100, 100)


def wrong_answer(folder: Path) -> Path:
    """A notebook with cards that have much to show, run and saved by nobody yet."""
    right = "\n\n".join(map(solution_of, ("unbroadcast", "add_backward")))
    sources = (f"{FIRST_CELL}\nimport numpy as np", right, SWAPPED, MULTIPLY, GRAPH, "'probe'")
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources], metadata={"kernelspec": kernel})
    return write(notebook, folder / "backprop.ipynb")


@pytest.mark.proof
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_card_looks_the_same_in_a_notebook_of_somebody_else(tmp_path: Path, page: Page, theme: str) -> None:
    """JupyterLab takes out of a notebook that it does not trust what might run; a card has nothing of the kind."""
    file = wrong_answer(folder_in(tmp_path))

    with lab(file.parent, tmp_path / "student", theme) as address:
        notebook = open_notebook(page, address, file)
        for text in ("grader = Notebook(", "def unbroadcast(", "def multiply_backward(", MULTIPLY, GRAPH):
            notebook.run(text)
        ours = [drawn(notebook, text) for text in (MULTIPLY, GRAPH)]
        notebook.save()
    add_probe(file)
    with lab(file.parent, tmp_path / "instructor", theme) as address:
        notebook = open_notebook(page, address, file)
        theirs = [drawn(notebook, text) for text in (MULTIPLY, GRAPH)]
        probe = notebook.output("'probe'")
        kept = {tag: probe.locator(tag).count() for tag in ("svg", "table", "details", "img")}
        is_seen = notebook.output(GRAPH).locator("img").evaluate("image => image.naturalWidth > 0")

    assert kept == {"svg": 0, "table": 1, "details": 1, "img": 1}  # no svg: it is not trusted
    assert is_seen
    assert {"TABLE", "DETAILS", "IMG"} <= {tag for card in ours for tag, *_ in card[1:]}
    assert theirs == ours


def drawn(notebook: OpenNotebook, text: str) -> list[Any]:
    """What is below a cell, element by element: its tag, and how it is drawn; and all its words."""
    shown = notebook.cell(text).locator(".jp-RenderedHTMLCommon")
    shown.first.wait_for()
    return [shown.inner_text(), *(each.evaluate(DRAWN) for each in shown.locator("*").all())]


def add_probe(file: Path) -> None:
    """Put HTML into the saved notebook as whoever sends a file may: nobody here has run it."""
    notebook = nbformat.read(file, as_version=4)
    notebook.cells[-1].outputs = [new_output("display_data", {"text/html": PROBE, "text/plain": "probe"})]
    write(notebook, file)


@pytest.mark.proof
def test_run_all_of_a_solved_notebook(tmp_path: Path, page: Page) -> None:
    """Restart and run all, as the last thing before handing in: every check passes, and training tells its steps."""
    file = solved(unpack_handout(folder_in(tmp_path)))

    with lab(file.parent, tmp_path / "home") as address:
        notebook = open_notebook(page, address, file)
        notebook.run_all()
        strip = notebook.output("grader.check_all()").inner_text()

    assert "100 / 100" in strip


@pytest.mark.proof
def test_an_endless_loop_is_told_and_the_kernel_lives(tmp_path: Path, page: Page) -> None:
    """The check ends by itself, says where the function was, and the next cell runs."""
    file = unpack_handout(folder_in(tmp_path))

    with lab(file.parent, tmp_path / "home") as address:
        notebook = open_notebook(page, address, file)
        for text in ("grader = Notebook(", "import numpy as np"):
            notebook.run(text)
        notebook.type_over("def sigmoid_backward(", "raise NotImplemented", "while True: pass")
        notebook.run("def sigmoid_backward(")
        stopped = notebook.run('grader.check("sigmoid")').inner_text()
        notebook.paste_over("def sigmoid_backward(", solution_of("sigmoid_backward"))
        notebook.run("def sigmoid_backward(")
        passed = notebook.run('grader.check("sigmoid")').inner_text()

    assert "longer than 2 seconds and was stopped" in stopped
    assert "Passed" in passed
