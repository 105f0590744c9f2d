"""A small assignment with a small master, to be changed in one place by each test."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.load.assignment import load_assignment
from autograder.records import Assignment

TOML = """\
title = "Squares"
points = 10

[[question]]
name = "square"
function = "square_backward"
forward = "square"
receives = ["grad_out", "x"]
points = { runs = 2, values = 8 }
operands.x = { shape = ["N"] }
"""

FORWARD = '''\
def square(x):
    """x * x, of the shape of x."""
    return x * x
'''

ANSWER = '''\
def square_backward(grad_out, x):
    """The gradient of x, of its shape."""
    # BEGIN SOLUTION NO PROMPT
    return grad_out * (x + x)
    # END SOLUTION
    """  # BEGIN PROMPT
    raise NotImplementedError("square: write the gradient of x")
    """  # END PROMPT'''

CONFIG = "# ASSIGNMENT CONFIG\ngenerate: false\nexport_cell: false\ntests:\n  files: true\n  ok_format: false"
QUESTION = "# BEGIN QUESTION\nname: square\npoints: 10"

Cell = tuple[str, str]


def master_cells(
    question: str = QUESTION, answer: Sequence[Cell] = (("code", ANSWER),), tests: Sequence[str] = ()
) -> list[Cell]:
    """The kinds and texts of the cells of a master; the answer's first cell is the sixth one."""
    test_block = (
        [("raw", "# BEGIN TESTS"), *(("code", test) for test in tests), ("raw", "# END TESTS")] if tests else []
    )
    return [
        ("raw", CONFIG),
        ("markdown", "# Squares"),
        ("raw", question),
        ("markdown", "## Question 1: square (10 points)"),
        ("raw", "# BEGIN SOLUTION"),
        *answer,
        ("raw", "# END SOLUTION"),
        *test_block,
        ("code", 'grader.check("square")'),
        ("raw", "# END QUESTION"),
    ]


def make_course(folder: Path, cells: Sequence[Cell]) -> Assignment:
    """The assignment `squares` in a folder, with a master of these cells."""
    public, secret = folder / "assignments" / "squares", folder / "solutions" / "squares"
    public.mkdir(parents=True)
    secret.mkdir(parents=True)
    (public / "assignment.toml").write_text(TOML, encoding="utf-8")
    (public / "forward.py").write_text(FORWARD, encoding="utf-8")
    (secret / "squares.ipynb").write_text(notebook_of_cells(cells), encoding="utf-8")
    return load_assignment(str(public))


def notebook_of_cells(cells: Sequence[Cell]) -> str:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": kernel},
            "cells": [_cell(number, kind, text) for number, (kind, text) in enumerate(cells)],
        }
    )


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"id": f"c{number}", "cell_type": kind, "metadata": {}, "source": text}
    return {**cell, "outputs": [], "execution_count": None} if kind == "code" else cell
