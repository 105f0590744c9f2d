"""Source text in, the definitions that the graded functions need out. Parsed, never run.

A notebook is full of things that a grader must not run: training loops, plots, downloads, `input()`. Kept are the
imports, constants, functions and classes that a graded function reaches, followed through names; nothing else.
Runs in the worker, because a hostile source can crash Python's parser. Needs the standard library and our nouns only.
"""

from __future__ import annotations

import ast
import copy
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

_MAGIC_LINE = re.compile(r"^(\s*)(?=\S)(?:[%!?].*|%?[\w.]+\?\??\s*|[\w\s,.\[\]]+=\s*[%!].*)$")
_NEW_THOUGHT = re.compile(r"^(?:def|class|async|import|from|@|# %%|\w+\s*=)")
_NEW_STATEMENT = re.compile(r"^(?!(?:elif|else|except|finally)\b)[\w@]")


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
        lines = self.text.split("\n")
        return lines[line - 1].strip()[:LONGEST_QUOTE] if 0 < line <= len(lines) else ""


@dataclass(frozen=True)
class Statement:
    """One top-level statement: the names it binds, those whose objects it changes, and those it must find.

    `may_change` are names that it calls something on (`table.append(...)`, `@rule("add")`): worth keeping only where
    they are tables of the student's own.
    """

    cell: Cell
    node: ast.stmt
    binds: frozenset[str]
    changes: frozenset[str]
    may_change: frozenset[str]
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
            try:
                statements.append(_statement(cell, node))
            except (SyntaxError, ValueError, RecursionError) as error:  # parses, but cannot be compiled
                text = error.msg if isinstance(error, SyntaxError) else str(error)
                source_lines = cell.text.split("\n")[node.lineno - 1 : node.end_lineno]
                broken.append(("\n".join(source_lines), _syntax_note(cell, node.lineno, text)))

    written: dict[str, Written] = {}
    notes = [note for _, note in broken]
    for function, forward in zip(functions, forwards or functions):
        definitions = [statement for statement in statements if function in statement.binds]
        written[function] = _written(function, definitions, broken)
        if definitions:
            has_forward = any(_is_forward(statement, forward) for statement in statements)
            notes.extend(_remarks(function, forward if has_forward else "", definitions))
    return Extract(tuple(_reached(statements, functions)), written, tuple(notes))


# ---- from bytes to cells -----------------------------------------------------------------------------------


def decode(source: bytes) -> str:
    """The text of a Python file, by its byte-order mark or coding line, else UTF-8."""
    if b"\0" in source:
        raise UnreadableSource("null-bytes")
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(source).readline)
        return source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise UnreadableSource("encoding", text=str(error)[:LONGEST_QUOTE]) from error


def read_notebook(source: bytes) -> list[Cell]:
    """The code cells of a notebook of format 4."""
    if not source.strip():
        raise UnreadableSource("not-a-notebook", text="it is empty")
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
    tree = _tree(text)
    if isinstance(tree, ast.Module):
        yield from _with_single_imports(tree.body)
        return
    for piece in _pieces(text, _NEW_THOUGHT):
        tree = _tree(piece)
        if isinstance(tree, ast.Module):
            yield from _with_single_imports(tree.body)
            continue
        lost = []
        for statement in _pieces(piece, _NEW_STATEMENT):
            part = _tree(statement)
            if isinstance(part, ast.Module):
                yield from _with_single_imports(part.body)
            else:
                lost.append(statement)
        broken.append(("\n".join(lost), _syntax_note(cell, tree.lineno or 1, tree.msg)))


def _syntax_note(cell: Cell, line: int, text: str) -> Note:
    return Note("syntax-error", {"where": cell.where, "line": line, "text": text, "code": cell.quote(line)})


def _with_single_imports(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """`import matplotlib, numpy` as two statements, so that a module that is not there costs no other one."""
    for node in statements:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
            continue
        for alias in node.names:
            single = copy.copy(node)
            single.names = [alias]
            yield single


def _tree(text: str) -> ast.Module | SyntaxError:
    """The parsed text. A line such as `%matplotlib inline`, `!pip install` or `np.exp?`, over which Python stumbles,
    becomes `pass`, so that line numbers stay."""
    lines = text.split("\n")
    while True:
        tree = _python_tree("\n".join(lines))
        number = 0 if isinstance(tree, ast.Module) else tree.lineno or 0
        magic = _MAGIC_LINE.match(lines[number - 1]) if 0 < number <= len(lines) else None
        if magic is None:
            return tree
        while lines[number - 1].endswith("\\") and number < len(lines):
            lines[number - 1] = ""
            number += 1
        lines[number - 1] = f"{magic.group(1)}pass"


def _python_tree(text: str) -> ast.Module | SyntaxError:
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


def _pieces(text: str, beginning: re.Pattern[str]) -> Iterator[str]:
    """The text cut before each line that matches `beginning`, each piece at its own line number."""
    lines = text.split("\n")
    starts = [0]
    for number, line in enumerate(lines):
        if beginning.match(line) and not lines[number - 1].startswith("@"):
            starts.append(number)
    for start, stop in zip(starts, [*starts[1:], len(lines)]):
        if stop > start:
            yield "\n" * start + "\n".join(lines[start:stop])


# ---- names -------------------------------------------------------------------------------------------------


def _statement(cell: Cell, node: ast.stmt) -> Statement:
    """A statement with the names it binds in the module and those it must find there, now or when called."""
    table = symtable.symtable(ast.unparse(node), "<names>", "exec")
    symbols = table.get_symbols()
    binds = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
    needs = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
    for inner in _inner_tables(table):
        needs |= {symbol.get_name() for symbol in inner.get_symbols() if symbol.is_global()}
    if isinstance(node, ast.Delete):  # what was once defined stays
        binds = set()
    if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
        binds = {"*"}
    changes = set(_changes(node))
    return Statement(cell, node, frozenset(binds), frozenset(changes), _may_change(node), frozenset(needs | changes))


def _inner_tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner_tables(child)


def _changes(statement: ast.stmt) -> Iterator[str]:
    """`cache` for `cache["x"] = 1`, `f` for `f.calls = 0`, `n` for `n += 1`, also in a loop: what must be there."""
    queue: list[ast.AST] = [statement]
    while queue:
        node = queue.pop()
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
            base: ast.expr = node
            while isinstance(base, (ast.Attribute, ast.Subscript)):
                base = base.value
            if isinstance(base, ast.Name):
                yield base.id
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            queue.extend(ast.iter_child_nodes(node))


def _may_change(node: ast.stmt) -> frozenset[str]:
    """`table` for `table.append(...)`; `rule` for a definition under `@rule` or `@rule("add")`."""
    calls: list[ast.expr] = []
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
        calls.append(node.value.func.value)
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        calls += [d.func if isinstance(d, ast.Call) else d for d in node.decorator_list]
    return frozenset(call.id for call in calls if isinstance(call, ast.Name))


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


def _written(function: str, definitions: Sequence[Statement], broken: Sequence[tuple[str, Note]]) -> Written:
    last = definitions[-1] if definitions else None
    if last is not None and not (isinstance(last.node, ast.FunctionDef) and is_stub(last.node)):
        return Written("written", last.place)
    beginning = re.compile(rf"^\s*(?:(?:async\s+)?def\s+{function}\b|{function}\s*=)", re.MULTILINE)
    for piece, note in broken:
        if beginning.search(piece):
            return Written("broken", note.facts)
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
