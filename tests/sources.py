"""Submissions of a few lines, and what is kept of them and said about them, in a form that is easy to compare."""

from __future__ import annotations

import ast
import json
from typing import Any

from autograder.source.extract import Extract, extract

F = "def f(x):\n    return x"


def script(source: str, functions: tuple[str, ...] = ("f",), forwards: tuple[str, ...] = ()) -> Extract:
    return extract(source.encode(), "script", functions, forwards)


def notebook(*cells: str, **fields: Any) -> bytes:
    """A notebook of these code cells, as bytes; `fields` replace what stands beside them."""
    code = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code, **fields}).encode()


def kept(extracted: Extract) -> list[str]:
    """The first line of each kept statement, as Python would write it."""
    return [ast.unparse(statement.node).splitlines()[0] for statement in extracted.statements]


def notes(extracted: Extract) -> list[tuple[str, dict[str, Any]]]:
    return [(note.fault, dict(note.facts)) for note in extracted.notes]
