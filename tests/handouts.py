"""The homework as a student has it: the handout in a folder of its own, and what right answers look like."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from conftest import ROOT, SOLUTIONS

ASSIGNMENT = ROOT / "assignments" / "backprop"
FIRST_CELL = 'from autograder.notebook import Notebook\n\ngrader = Notebook("backprop")'


def solution_of(function: str) -> str:
    """The text of one function of our solution."""
    text = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")
    (found,) = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == function]
    return ast.get_source_segment(text, found) or ""


def unpack_handout(folder: Path) -> Path:
    """The handout's notebook, in a folder with all that comes with it."""
    shutil.copytree(ASSIGNMENT / "data", folder / "data")
    shutil.copy(ASSIGNMENT / "training.py", folder)
    notebook = nbformat.read(ASSIGNMENT / "backprop.ipynb", as_version=4)
    if not any("grader.check(" in cell.source for cell in notebook.cells):
        notebook.cells = with_checks(notebook.cells)
    return write(notebook, folder / "backprop.ipynb")


def with_checks(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """The same cells with a grader in front, a check behind each stub, and the last steps at the end."""
    checked = [new_code_cell(FIRST_CELL, id="grader")]
    for cell in cells:
        checked.append(cell)
        for function in stubs_in(cell):
            name = function.removesuffix("_backward")
            checked.append(new_code_cell(f'grader.check("{name}")', id=f"check-{name.replace('_', '-')}"))
    ends = {"check-all": "grader.check_all()", "export": "grader.export()"}
    return [*checked, *(new_code_cell(text, id=name) for name, text in ends.items())]


def stubs_in(cell: nbformat.NotebookNode) -> list[str]:
    """The functions of a cell that are not written yet."""
    if cell.cell_type != "code" or "raise NotImplementedError(" not in cell.source:
        return []
    return [node.name for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)]


def solved(file: Path) -> Path:
    """The same notebook, with every stub written."""
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        if functions := stubs_in(cell):
            cell.source = "\n\n\n".join(map(solution_of, functions))
    return write(notebook, file)


def write(notebook: nbformat.NotebookNode, file: Path) -> Path:
    file.write_text(nbformat.writes(notebook), encoding="utf-8")
    return file
