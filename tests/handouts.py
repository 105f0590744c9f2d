"""The homework as a student has it: the handout in a folder of its own, and what right answers look like."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import nbformat

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
    return Path(shutil.copy(ASSIGNMENT / "backprop.ipynb", folder))


def unpack_master(folder: Path) -> Path:
    """The master in its place: prompts, solutions and otter's marks, with a grader of its own in front."""
    unpack_handout(folder)
    return Path(shutil.copy(SOLUTIONS / "backprop.ipynb", folder))


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
