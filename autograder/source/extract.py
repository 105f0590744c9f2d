"""Source text in, the definitions that the graded functions need out. Parsed, never run.

A notebook is full of things that a grader must not run: training loops, plots, downloads, `input()`. Kept are the
imports, constants, functions and classes that a graded function reaches, followed through names; nothing else.
Runs in the worker, because a hostile source can crash Python's parser.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.records import Note, Written
from autograder.source.cells import read_cells
from autograder.source.statements import Broken, Statement, read_statements


@dataclass(frozen=True)
class Extract:
    """What is kept of a submission, what its graded functions look like, and what a person should know."""

    statements: tuple[Statement, ...]
    written: Mapping[str, Written]
    notes: tuple[Note, ...]


def extract(source: bytes, kind: str, functions: Sequence[str], forwards: Sequence[str] = ()) -> Extract:
    """The definitions that `functions` need. `kind` is "notebook" or "script".

    `forwards` are the names of the forward functions, one for each function: a backward function that calls its
    own forward is noted. Raises UnreadableSource when the file as a whole cannot be read.
    """
    statements, broken = read_statements(read_cells(source, kind))
    written: dict[str, Written] = {}
    notes = [piece.note for piece in broken]
    for function, forward in zip(functions, forwards or functions):
        definitions = [statement for statement in statements if function in statement.binds]
        written[function] = _written(function, definitions, broken)
        if definitions:
            has_forward = any(_is_forward(statement, forward) for statement in statements)
            notes.extend(_remarks(function, forward if has_forward else "", definitions))
    return Extract(tuple(_reached(statements, functions)), written, tuple(notes))


# ---- what is kept ------------------------------------------------------------------------------------------


def _reached(statements: Sequence[Statement], functions: Sequence[str]) -> list[Statement]:
    """The statements that bind or change a wanted name, or one that such a statement needs, and so on, in order."""
    makers: dict[str, list[int]] = {}
    tables = {name for one in statements if isinstance(one.node, (ast.Assign, ast.AnnAssign)) for name in one.binds}
    needs_of = {name: one.needs for one in statements if isinstance(one.node, ast.FunctionDef) for name in one.binds}
    for number, statement in enumerate(statements):
        # A decorator of the student's own changes the tables that it needs: that is how rules are registered.
        registers = {table for name in statement.may_change for table in needs_of.get(name, ())}
        for name in statement.binds | statement.changes | ((statement.may_change | registers) & tables):
            makers.setdefault(name, []).append(number)
    kept = {number for number, statement in enumerate(statements) if _is_star_or_future(statement.node)}
    queue, wanted = list(functions), set(functions)
    while queue:
        for number in makers.get(queue.pop(), ()):
            kept.add(number)
            queue.extend(statements[number].needs - wanted)
            wanted |= statements[number].needs
    return [statements[number] for number in sorted(kept)]


def _is_star_or_future(statement: ast.stmt) -> bool:
    """True for imports whose effect has no name. A star import may stand in a `try`."""
    return any(
        isinstance(node, ast.ImportFrom) and (node.module == "__future__" or node.names[0].name == "*")
        for node in ast.walk(statement)
    )


# ---- what a graded function looks like ---------------------------------------------------------------------


def _written(function: str, definitions: Sequence[Statement], broken: Sequence[Broken]) -> Written:
    last = definitions[-1] if definitions else None
    if last is not None and not (isinstance(last.node, ast.FunctionDef) and is_stub(last.node)):
        return Written("written", last.place)
    beginning = re.compile(rf"^\s*(?:(?:async\s+)?def\s+{function}\b|{function}\s*=)", re.MULTILINE)
    for piece in broken:
        if beginning.search(piece.text):
            return Written("broken", piece.note.facts)
    return Written("missing") if last is None else Written("stub", last.place)


def is_stub(function: ast.FunctionDef) -> bool:
    """True for a body of nothing but a docstring, `...`, `pass` or `raise NotImplementedError`."""
    return all(_says_nothing(statement) for statement in function.body)


def _says_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Pass):
        return True
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return statement.value.value is Ellipsis or isinstance(statement.value.value, str)
    if isinstance(statement, ast.Raise) and statement.exc is not None:
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return False


def _remarks(function: str, forward: str, definitions: Sequence[Statement]) -> Iterator[Note]:
    if len(definitions) > 1:
        places = [_place_in_words(definition) for definition in definitions]
        yield Note("defined-twice", {"function": function, "times": len(places), "places": "; ".join(places)})
    last = definitions[-1]
    if any(_is_complex(node) for node in ast.walk(last.node)):
        yield Note("complex-numbers", {"function": function, **last.place})
    if any(_is_call_of(node, forward) for node in ast.walk(last.node)):
        yield Note("calls-forward", {"function": function, "forward": forward, **last.place})


def _is_forward(statement: Statement, forward: str) -> bool:
    """Whether this statement brings the forward function: `np.multiply`, or numpy's by a star, is plain arithmetic."""
    node = statement.node
    if isinstance(node, ast.ImportFrom):
        return node.module == "forward"
    return isinstance(node, (ast.FunctionDef, ast.Import)) and bool({forward, "forward"} & statement.binds)


def _place_in_words(statement: Statement) -> str:
    return f"{statement.cell.where}, line {statement.node.lineno}".removeprefix(", ")


def _is_complex(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, complex)
    return (isinstance(node, ast.Attribute) and node.attr in ("imag", "complex128", "complex64")) or (
        isinstance(node, ast.Name) and node.id == "complex"
    )


def _is_call_of(node: ast.AST, name: str) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    return (isinstance(called, ast.Name) and called.id == name) or (
        isinstance(called, ast.Attribute)
        and called.attr == name
        and isinstance(called.value, ast.Name)
        and called.value.id == "forward"
    )
