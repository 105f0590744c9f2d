"""The solutions of a master → `solution.py`: what the graded functions need, and nothing else."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence

from autograder.errors import BuildError
from autograder.release.handout import Cells
from autograder.source.extract import extract

_BEGINS, _ENDS = "# BEGIN PROMPT", "# END PROMPT"
_MARK = re.compile(r"\s*#\s*(?:BEGIN|END) SOLUTION(?: NO PROMPT)?\s*$|\s*#\s*SOLUTION(?: NO PROMPT)?\s*$")
_DEFINITION = (ast.FunctionDef, ast.ClassDef)


def solution_of(solved: Cells, name: str, functions: Sequence[str], master: str) -> str:
    """The script with the functions of the solution, their imports and helpers, from the cells of a solved notebook.

    Raises BuildError when Python cannot read one of its cells.
    """
    cells = [{"cell_type": "code", "source": unmarked(cell.text)} for cell in solved if cell.kind == "code"]
    source = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    extracted = extract(source.encode(), "notebook", functions)
    for note in extracted.notes:
        if note.fault == "syntax-error":
            got = f"line {note.facts['line']}: {note.facts.get('code', '')}".rstrip(": ")
            raise BuildError(master, str(note.facts["where"]), wanted="a solution that Python can read", got=got)
    head = f'"""The solution of `{name}`. Made from {name}.ipynb beside it by `grader build`: change it there."""\n'
    text, before = head, None
    for statement in extracted.statements:
        is_apart = isinstance(statement.node, _DEFINITION) or isinstance(before, _DEFINITION)
        text += ("\n\n" if is_apart else "\n" if before is None else "") + statement.source.rstrip() + "\n"
        before = statement.node
    return text


def unmarked(text: str) -> str:
    """The text of a solved cell without otter's marks, and without what students get in its place."""
    return "\n".join(_unmarked(text.split("\n")))


def _unmarked(lines: Sequence[str]) -> Iterator[str]:
    is_prompt = False
    for line in lines:
        if line.rstrip().endswith(_BEGINS):
            is_prompt = True
        elif line.rstrip().endswith(_ENDS):
            is_prompt = False
        elif not is_prompt:
            kept = _MARK.sub("", line)
            if kept.strip() or not line.strip():
                yield kept
