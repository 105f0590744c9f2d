"""Cells in, top-level statements out, each with the names that it binds and needs. What cannot be parsed is noted."""

from __future__ import annotations

import ast
import copy
import re
import symtable
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.records import Note
from autograder.source.cells import Cell, python_text

_MAGIC_LINE = re.compile(
    r"""^(\s*)(?=\S)(?:
        [%!?].*                        # %magic, !command, ?name
        | (?:pip|conda|cd|ls|mkdir)\s+[\w./~-].*  # what IPython takes for %pip, %cd
        | [/,;]\w.*                    # /f x, ,f a b, ;f a b
        | [^#'"]*[\w\])*]\?\??\s*      # name?, value.method??
        | [\w\s,.*\[\]()]+=\s*[%!].*   # x = !command, x = %magic
    )$""",
    re.VERBOSE,
)
_NEW_THOUGHT = re.compile(r"^(?:def|class|async|import|from|@|# %%|\w+\s*=)")
_INVISIBLE = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_WITHOUT_WIDTH = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff"
_TEXT_OR_INVISIBLE = re.compile(
    r'''"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|\#[^\n]*|'''
    rf"(?P<space>[{_INVISIBLE}])|(?P<nothing>[{_WITHOUT_WIDTH}])",
    re.DOTALL,
)
"""Strings and comments, where any character may stand, and characters that look like a space or like nothing."""
_NEW_STATEMENT = re.compile(r"^(?!(?:elif|else|except|finally)\b)[\w@]")


@dataclass(frozen=True)
class Statement:
    """One top-level statement and its text: the names it binds, those whose objects it changes, those it must find.

    `may_change` are names that it calls something on (`table.append(...)`, `@rule("add")`): worth keeping only where
    they are tables of the student's own.
    """

    cell: Cell
    node: ast.stmt
    source: str
    binds: frozenset[str]
    changes: frozenset[str]
    may_change: frozenset[str]
    needs: frozenset[str]

    @property
    def place(self) -> dict[str, Any]:
        return {"where": self.cell.where, "line": self.node.lineno, "code": self.cell.quote(self.node.lineno)}


Sourced = tuple[ast.stmt, str]
"""A top-level statement, and the text that it was parsed from."""


@dataclass(frozen=True)
class Broken:
    """A piece of source that Python cannot read, and the note about it."""

    text: str
    note: Note


@dataclass(frozen=True)
class Parsed:
    """The statements of all cells in their order, the pieces that are lost, and what a person should know."""

    statements: tuple[Statement, ...]
    broken: tuple[Broken, ...]
    notes: tuple[Note, ...]


def read_statements(cells: Sequence[Cell]) -> Parsed:
    """All that Python can read of the cells, statement by statement. Raises nothing."""
    statements: list[Statement] = []
    broken: list[Broken] = []
    notes: list[Note] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape such as "\d" is not worth a word
        for cell in cells:
            text = _without_invisible(cell, notes)
            for node, source in _parse(cell, text, broken):
                try:
                    statements.append(_statement(cell, node, source))
                except (SyntaxError, ValueError, RecursionError) as error:  # parses, but cannot be compiled
                    reason = error.msg if isinstance(error, SyntaxError) else str(error)
                    source_lines = cell.text.split("\n")[node.lineno - 1 : node.end_lineno]
                    broken.append(Broken("\n".join(source_lines), _syntax_note(cell, node.lineno, reason)))
    return Parsed(tuple(statements), tuple(broken), tuple(notes))


# ---- from text to statements -------------------------------------------------------------------------------


def _without_invisible(cell: Cell, notes: list[Note]) -> str:
    """The Python of a cell, with plain spaces for those that come along when code is pasted from a page or a chat.

    Python refuses them, and nobody can see them. In strings and comments they stay.
    """
    text = python_text(cell)
    found: list[re.Match[str]] = []

    def plain(match: re.Match[str]) -> str:
        if match["space"] is None and match["nothing"] is None:
            return match[0]
        found.append(match)
        return " " if match["space"] else ""

    plain_text = text if text.isascii() else _TEXT_OR_INVISIBLE.sub(plain, text)
    if found:
        line = text.count("\n", 0, found[0].start()) + 1
        facts = {"where": cell.where, "line": line, "code": cell.quote(line), "times": len(found)}
        notes.append(Note("invisible-characters", {**facts, "character": f"U+{ord(found[0][0]):04X}"}))
    return plain_text


def _parse(cell: Cell, text: str, broken: list[Broken]) -> Iterator[Sourced]:
    """The top-level statements of a cell; what cannot be parsed is left out and noted."""
    found = _sourced(text)
    if not isinstance(found, SyntaxError):
        yield from found
        return
    for piece in _pieces(text, _NEW_THOUGHT):
        found = _sourced(piece)
        if not isinstance(found, SyntaxError):
            yield from found
            continue
        lost = []
        for statement in _pieces(piece, _NEW_STATEMENT):
            part = _sourced(statement)
            if isinstance(part, SyntaxError):
                lost.append(statement)
            else:
                yield from part
        broken.append(Broken("\n".join(lost), _syntax_note(cell, found.lineno or 1, found.msg)))


def _syntax_note(cell: Cell, line: int, text: str) -> Note:
    return Note("syntax-error", {"where": cell.where, "line": line, "text": text, "code": cell.quote(line)})


def _sourced(text: str) -> Iterator[Sourced] | SyntaxError:
    """The statements of a text. A line such as `%matplotlib inline`, `!pip install` or `np.exp?`, over which Python
    stumbles, becomes `pass`, so that line numbers stay."""
    lines = text.split("\n")
    while True:
        tree = _tree("\n".join(lines))
        if isinstance(tree, ast.Module):
            return _with_sources(tree.body, lines)
        number = tree.lineno or 0
        magic = _MAGIC_LINE.match(lines[number - 1]) if 0 < number <= len(lines) else None
        if magic is None:
            return tree
        while lines[number - 1].endswith("\\") and number < len(lines):
            lines[number - 1] = ""
            number += 1
        lines[number - 1] = f"{magic.group(1)}pass"


def _tree(text: str) -> ast.Module | SyntaxError:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        return error
    except (RecursionError, MemoryError, ValueError) as error:  # nested too deeply, or a lone surrogate
        return SyntaxError(str(error) or "nested too deeply", ("", 1, 1, ""))


def _with_sources(statements: Sequence[ast.stmt], lines: Sequence[str]) -> Iterator[Sourced]:
    """The statements of these lines, each with its own text. `import matplotlib, numpy` are two, so that a module that
    is not there costs no other one."""
    for node in statements:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node, _source(node, lines)
            continue
        for alias in node.names:
            single = copy.copy(node)
            single.names = [alias]
            yield single, ast.unparse(single)


def _source(node: ast.stmt, lines: Sequence[str]) -> str:
    if getattr(node, "decorator_list", None):
        return ast.unparse(node)  # decorators stand before the place of what they decorate
    own = list(lines[node.lineno - 1 : node.end_lineno])
    own[-1] = _bytes_of_line(own[-1], 0, node.end_col_offset)
    own[0] = _bytes_of_line(own[0], node.col_offset, None)
    return "\n".join(own)


def _bytes_of_line(line: str, start: int, stop: int | None) -> str:
    """A part of a line. Python counts the columns of statements in bytes."""
    return line[start:stop] if line.isascii() else line.encode()[start:stop].decode()


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


def _statement(cell: Cell, node: ast.stmt, source: str) -> Statement:
    """A statement with the names it binds in the module and those it must find there, now or when called.

    Raises SyntaxError, ValueError or RecursionError where it cannot be compiled.
    """
    if is_main_block(node):  # never runs here: what it defines is not there, and what it needs is not needed
        return Statement(cell, node, source, frozenset(), frozenset(), frozenset(), frozenset())
    table = symtable.symtable(source, "<names>", "exec")
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
    return Statement(
        cell, node, source, frozenset(binds), frozenset(changes), _may_change(node), frozenset(needs | changes)
    )


def is_main_block(node: ast.AST) -> bool:
    """True for `if __name__ == "__main__":` without an `else`."""
    if not (isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and not node.orelse):
        return False
    sides = [node.test.left, *node.test.comparators]
    names = {side.id for side in sides if isinstance(side, ast.Name)}
    texts = {side.value for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str)}
    return isinstance(node.test.ops[0], ast.Eq) and names == {"__name__"} and texts == {"__main__"}


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
