"""Source text in, the definitions that the graded functions need out. Parsed, never run.

A notebook is full of things that a grader must not run: training loops, plots, downloads, `input()`. Kept are the
imports, constants, functions and classes that a graded function reaches, followed through names; nothing else.
Runs in the worker, because a hostile source can crash Python's parser. Needs the standard library and our nouns only.
"""

from __future__ import annotations

import ast
import json
import re
import symtable
import tokenize
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from autograder.records import Note, Written

PYTHON_CELL_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")
"""Cell magics that are followed by ordinary Python; a cell with any other one is left out."""

LONGEST_QUOTE = 120

_MAGIC_LINE = re.compile(r"^(\s*)(?:[%!?].*|.*\?\??\s*$|[\w\s,.\[\]]+=\s*[%!].*)$")
_NEW_THOUGHT = re.compile(r"^(?:def|class|async|import|from|@|# %%|\w+\s*=)")


class UnreadableSource(Exception):
    """The file is no notebook or script; carries the note that says why."""

    def __init__(self, fault: str, **facts: Any) -> None:
        super().__init__(fault)
        self.note = Note(fault, facts)


@dataclass(frozen=True)
class Cell:
    """A piece of source; `where` is "code cell 4" in a notebook and "" in a script."""

    where: str
    text: str

    def quote(self, line: int) -> str:
        lines = self.text.splitlines()
        return lines[line - 1].strip()[:LONGEST_QUOTE] if 0 < line <= len(lines) else ""


@dataclass(frozen=True)
class Statement:
    """One top-level statement: what it binds, which names it must find, and its source as Python compiles it."""

    cell: Cell
    node: ast.stmt
    binds: frozenset[str]
    needs: frozenset[str]

    @property
    def place(self) -> dict[str, Any]:
        return {"where": self.cell.where, "line": self.node.lineno, "code": self.cell.quote(self.node.lineno)}


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
    cells = read_notebook(source) if kind == "notebook" else [Cell("", decode(source))]
    statements: list[Statement] = []
    broken: list[tuple[str, Note]] = []
    for cell in cells:
        for node in _parse(cell, broken):
            binds, needs = _names(node)
            statements.append(Statement(cell, node, binds, needs))

    written: dict[str, Written] = {}
    notes = [note for _, note in broken]
    for function, forward in zip(functions, forwards or functions):
        definitions = [statement for statement in statements if function in statement.binds]
        written[function] = _written(function, definitions, broken)
        if written[function].state == "written":
            notes.extend(_remarks(function, forward, definitions))
    return Extract(tuple(_reached(statements, functions)), written, tuple(notes))


# ---- from bytes to cells -----------------------------------------------------------------------------------


def decode(source: bytes) -> str:
    """The text of a Python file, by its byte-order mark or coding line, else UTF-8."""
    if b"\0" in source:
        raise UnreadableSource("null-bytes")
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(source).readline)
        return source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise UnreadableSource("encoding", text=str(error)[:LONGEST_QUOTE]) from error


def read_notebook(source: bytes) -> list[Cell]:
    """The code cells of a notebook of format 4."""
    try:
        notebook = json.loads(source)
    except RecursionError as error:
        raise UnreadableSource("notebook-too-deep") from error
    except ValueError as error:
        raise UnreadableSource("not-a-notebook", text=str(error)[:LONGEST_QUOTE]) from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("nbformat"), int):
        raise UnreadableSource("not-a-notebook", text="it has no notebook format number")
    if notebook["nbformat"] != 4:
        raise UnreadableSource("notebook-format", version=notebook["nbformat"])
    if not isinstance(notebook.get("cells"), list):
        raise UnreadableSource("not-a-notebook", text="it has no list of cells")
    code_cells = [c for c in notebook["cells"] if isinstance(c, dict) and c.get("cell_type") == "code"]
    return [Cell(f"code cell {number}", _cell_text(cell)) for number, cell in enumerate(code_cells, start=1)]


def _cell_text(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.replace("\r\n", "\n").replace("\0", "") if isinstance(source, str) else ""


# ---- from cells to statements ------------------------------------------------------------------------------


def _parse(cell: Cell, broken: list[tuple[str, Note]]) -> Iterator[ast.stmt]:
    """The top-level statements of a cell; what cannot be parsed is left out and noted."""
    text = _without_cell_magic(cell.text)
    for candidate in (text, _without_magic_lines(text)):
        tree = _tree(candidate)
        if isinstance(tree, ast.Module):
            yield from tree.body
            return
    for piece in _pieces(_without_magic_lines(text)):
        tree = _tree(piece)
        if isinstance(tree, ast.Module):
            yield from tree.body
        else:
            line = tree.lineno or 1
            facts = {"where": cell.where, "line": line, "text": tree.msg or "", "code": cell.quote(line)}
            broken.append((piece, Note("syntax-error", facts)))


def _tree(text: str) -> ast.Module | SyntaxError:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape such as "\d" is not worth a word
            return ast.parse(text)
    except SyntaxError as error:
        return error
    except (RecursionError, MemoryError, ValueError) as error:  # nested too deeply, or a lone surrogate
        return SyntaxError(str(error) or "nested too deeply", ("", 1, 1, ""))


def _without_cell_magic(text: str) -> str:
    first, _newline, _rest = text.lstrip("\n").partition("\n")
    if not first.startswith("%%"):
        return text
    if first.split()[0] in PYTHON_CELL_MAGICS:
        return text.replace(first, "#", 1)
    return ""


def _without_magic_lines(text: str) -> str:
    """Lines such as `%matplotlib inline`, `!pip install`, `np.exp?` become `pass`, so that line numbers stay."""
    return "\n".join(_MAGIC_LINE.sub(r"\1pass", line) for line in text.split("\n"))


def _pieces(text: str) -> Iterator[str]:
    """The text cut where a new top-level thought begins, each piece at its own line number."""
    lines = text.split("\n")
    starts = [0]
    for number, line in enumerate(lines):
        if _NEW_THOUGHT.match(line) and not lines[number - 1].startswith("@"):
            starts.append(number)
    for start, stop in zip(starts, [*starts[1:], len(lines)]):
        if stop > start:
            yield "\n" * start + "\n".join(lines[start:stop])


# ---- names -------------------------------------------------------------------------------------------------


def _names(node: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    """Names that a top-level statement binds in the module, and names it must find there, now or when called."""
    try:
        table = symtable.symtable(ast.unparse(node), "<names>", "exec")
    except (SyntaxError, ValueError, RecursionError):  # `return` outside a function: parses, but cannot be compiled
        return frozenset(), frozenset()
    binds = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    needs = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    for inner in _inner_tables(table):
        needs |= {s.get_name() for s in inner.get_symbols() if s.is_global() and s.is_referenced()}
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        binds |= set(_bases(node))
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        needs.add(node.target.id)
    return frozenset(binds), frozenset(needs)


def _inner_tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner_tables(child)


def _bases(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> Iterator[str]:
    """`cache` for `cache["x"] = 1`, `f` for `f.calls = 0`: what a kept statement changes without naming it anew."""
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        base: ast.expr = target
        while isinstance(base, (ast.Attribute, ast.Subscript)):
            base = base.value
        if isinstance(base, ast.Name) and base is not target:
            yield base.id


def _reached(statements: Sequence[Statement], functions: Sequence[str]) -> list[Statement]:
    """The statements that bind a wanted name, or one that such a statement needs, and so on; in their order."""
    wanted, kept = set(functions), set[int]()
    queue = list(functions)
    for number, statement in enumerate(statements):
        if _is_star_or_future(statement.node):
            kept.add(number)
    while queue:
        name = queue.pop()
        for number, statement in enumerate(statements):
            if name in statement.binds and number not in kept:
                kept.add(number)
                fresh = (statement.needs | statement.binds) - wanted
                wanted |= fresh
                queue.extend(fresh)
    return [statement for number, statement in enumerate(statements) if number in kept]


def _is_star_or_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module == "__future__" or node.names[0].name == "*")


# ---- what a graded function looks like ---------------------------------------------------------------------


def _written(function: str, definitions: Sequence[Statement], broken: Sequence[tuple[str, Note]]) -> Written:
    if not definitions:
        for piece, note in broken:
            if re.search(rf"^\s*def\s+{function}\b", piece, re.MULTILINE):
                return Written("broken", note.facts)
        return Written("missing")
    last = definitions[-1].node
    if isinstance(last, ast.FunctionDef) and is_stub(last):
        return Written("stub", definitions[-1].place)
    return Written("written", definitions[-1].place)


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
        # `forward.sigmoid(x)`, but not `np.multiply(a, b)`, which is plain arithmetic
        isinstance(called, ast.Attribute)
        and called.attr == name
        and isinstance(called.value, ast.Name)
        and called.value.id not in ("np", "numpy")
    )
