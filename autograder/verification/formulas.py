"""Formulas of a solution, and the texts that give one away: a handout, a hint.

Found word by word, whatever the spaces and however whole numbers are written. Parsed, never run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

SHORTEST = 8
"""Characters of a formula, without spaces, from which on finding it again is no chance."""

LIBRARIES = frozenset({"np", "numpy", "math"})


@dataclass(frozen=True)
class Formula:
    """An expression of a solution that computes something from at least two things, as it stands in a line."""

    line: int
    text: str

    def is_in(self, text: str) -> bool:
        """Whether a text holds the formula, with any spaces."""
        return squeezed(self.text) in squeezed(text)


def formulas_of(source: str) -> tuple[Formula, ...]:
    """What the functions of a source compute: what they return, store or test, each formula once.

    Raises SyntaxError when the source is no Python.
    """
    found = {
        squeezed(ast.unparse(value)): Formula(value.lineno, ast.unparse(value))
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef)
        for statement in ast.walk(function)
        for value in _values(statement)
        if _computes(value)
    }
    return tuple(formula for text, formula in found.items() if len(text) >= SHORTEST)


def squeezed(text: str) -> str:
    """The text without spaces, and without the `.0` of whole numbers."""
    return re.sub(r"(\d)\.0*(?!\d)", r"\1", re.sub(r"\s+", "", text))


def _values(statement: ast.AST) -> Iterator[ast.expr]:
    if isinstance(statement, (ast.Return, ast.Assign, ast.AugAssign, ast.AnnAssign)) and statement.value is not None:
        value = statement.value
        yield from value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]


def _computes(value: ast.expr) -> bool:
    nodes = list(ast.walk(value))
    things = {node.id for node in nodes if isinstance(node, ast.Name)} - LIBRARIES
    numbers = any(isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) for node in nodes)
    return any(isinstance(node, (ast.BinOp, ast.Call)) for node in nodes) and len(things) + numbers >= 2
