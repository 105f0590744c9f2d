"""The part of a line that raised, and the shapes of the arrays in it. Names are looked up; nothing is evaluated.

Objects here are the student's and may lie: only those of exactly numpy's own types are asked for a shape.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import FrameType, TracebackType
from typing import Any

import numpy as np

from autograder.places.lines import LONGEST_TEXT, file_of, source_line

Shape = tuple[int, ...]

LONGEST_EXPRESSION = 160
MOST_ARRAYS = 6
MOST_DIMENSIONS = 8

NUMBERS = frozenset({int, float, bool, np.float64, np.float32, np.int64, np.int32})
MAPPINGS = frozenset({dict, type((lambda: sys._getframe().f_locals)())})
"""What the names of a frame are kept in, unless a metaclass of the student's has put its own object there."""

PAIRED = frozenset({"dot", "matmul", "add", "subtract", "multiply", "divide", "maximum", "minimum"})
"""Functions of numpy whose two arguments meet, as those of an operator do."""


@dataclass(frozen=True, eq=False)
class Expression:
    """The text of an expression or a short statement, its columns in the line without indentation, and its tree."""

    text: str
    start: int
    stop: int
    node: ast.AST

    def part(self, node: ast.AST) -> str:
        """The text of a node in it."""
        return ast.get_source_segment(self.text, node) or ""

    @property
    def operands(self) -> tuple[ast.expr, ...]:
        """The two sides of an operator, or of a numpy function that works like one; else nothing."""
        node = self.node
        if isinstance(node, ast.BinOp):
            return node.left, node.right
        if isinstance(node, ast.AugAssign):
            return node.target, node.value
        if isinstance(node, ast.Compare) and len(node.comparators) == 1:
            return node.left, node.comparators[0]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PAIRED:
            both = node.args if len(node.args) == 2 else [node.func.value, *node.args]
            return tuple(both) if len(both) == 2 else ()
        return ()


def failing_expression(step: TracebackType) -> Expression | None:
    """The expression that raised. None where Python does not tell columns (before 3.11), for one of several lines, for
    a very long one, and where the source is not there."""
    positions = getattr(step.tb_frame.f_code, "co_positions", None)
    if positions is None:
        return None
    line, last_line, start, stop = next(islice(positions(), step.tb_lasti // 2, None), (None,) * 4)
    if line is None or line != last_line or start is None or stop is None:
        return None
    raw = source_line(file_of(step.tb_frame), line)
    code = raw.strip()
    margin = len(raw) - len(raw.lstrip())
    start, stop = (len(raw.encode()[:column].decode(errors="ignore")) - margin for column in (start, stop))
    start, stop = _with_its_assignment(code, start, stop)
    text = code[start:stop] if 0 <= start < stop <= min(len(code), LONGEST_TEXT) else ""
    if not text or len(text) > LONGEST_EXPRESSION:
        return None
    (statement,) = ast.parse(text).body
    return Expression(text, start, stop, statement.value if isinstance(statement, ast.Expr) else statement)


def _with_its_assignment(code: str, start: int, stop: int) -> tuple[int, int]:
    """The columns of the whole assignment, where these are the columns of its left side: `N, D` alone says little."""
    try:
        statement = ast.parse(code[:LONGEST_TEXT]).body[0]
    except (SyntaxError, IndexError):  # the head of a loop, or one line of several
        return start, stop
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    left_sides = [ast.get_source_segment(code, target) for target in targets]
    return (0, len(code)) if code[start:stop] in left_sides and start == 0 else (start, stop)


# ---- shapes ------------------------------------------------------------------------------------------------


class Names:
    """What the names of a frame stand for, as far as it is safe to look."""

    def __init__(self, frame: FrameType) -> None:
        self.scopes: list[Mapping[str, Any]] = [
            scope for scope in (frame.f_locals, frame.f_globals) if type(scope) in MAPPINGS
        ]

    def __iter__(self) -> Iterator[str]:
        return (name for scope in self.scopes for name in list(scope) if type(name) is str)

    def shape(self, name: str) -> Shape | None:
        """The shape of an array, () of a number, None of anything else."""
        value = self._value(name)
        if type(value) is np.ndarray and value.ndim <= MOST_DIMENSIONS:
            return tuple(value.shape)
        return () if type(value) in NUMBERS else None

    def is_array(self, name: str) -> bool:
        return type(self._value(name)) is np.ndarray

    def _value(self, name: str) -> object:
        return next((scope[name] for scope in self.scopes if name in scope), None)


def shape_of(node: ast.AST, names: Names) -> Shape | None:
    """The shape of an expression of names, numbers, `.T` and operators; None where it cannot be known."""
    work_out = SHAPES.get(type(node))
    return work_out(node, names) if work_out is not None else None


def _shape_of_attribute(node: Any, names: Names) -> Shape | None:
    shape = shape_of(node.value, names)
    return shape[::-1] if node.attr == "T" and shape is not None else None


def _shape_of_operation(node: Any, names: Names) -> Shape | None:
    left, right = shape_of(node.left, names), shape_of(node.right, names)
    if left is None or right is None or isinstance(node.op, ast.MatMult):
        return None
    return broadcast(left, right)


SHAPES: Mapping[type[ast.AST], Callable[[Any, Names], Shape | None]] = {
    ast.Name: lambda node, names: names.shape(node.id),
    ast.Constant: lambda node, names: () if type(node.value) in NUMBERS else None,
    ast.UnaryOp: lambda node, names: shape_of(node.operand, names),
    ast.Attribute: _shape_of_attribute,
    ast.BinOp: _shape_of_operation,
}


def broadcast(one: Shape, other: Shape) -> Shape | None:
    """The shape that two shapes have together, or None. Not numpy's own function, which a student may have replaced."""
    if clashing_axis(one, other) is not None:
        return None
    longer, shorter = sorted((one, other), key=len, reverse=True)
    shorter = (1,) * (len(longer) - len(shorter)) + shorter
    return tuple(b if a == 1 else a for a, b in zip(longer, shorter))


def clashing_axis(one: Shape, other: Shape) -> int | None:
    """The first axis, counted from the right as -1, -2, ..., in which two shapes cannot be broadcast."""
    for back, (a, b) in enumerate(zip(reversed(one), reversed(other)), start=1):
        if a != b and 1 not in (a, b):
            return -back
    return None


def shapes_in_words(expression: Expression, names: Names) -> str:
    """`grad (3,), b.T (5, 3)`: the arrays that have a name in the expression, each once."""
    said = {}
    for node in _named(expression.node):
        shape = shape_of(node, names)
        if shape is not None and (not isinstance(node, ast.Name) or names.is_array(node.id)):
            said[expression.part(node)] = shape
    return ", ".join(f"{name} {shape}" for name, shape in list(said.items())[:MOST_ARRAYS])[:LONGEST_TEXT]


def _named(node: ast.AST) -> Iterator[ast.AST]:
    """Names, and names with `.T`, from left to right."""
    if isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and node.attr == "T"):
        yield node
        return
    for child in ast.iter_child_nodes(node):
        yield from _named(child)
