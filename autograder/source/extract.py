"""Source text in, the definitions that the graded functions need out. Parsed, never run.

A notebook is full of things that a grader must not run: training loops, plots, downloads, `input()`. Kept are the
imports, constants, functions and classes that a graded function reaches, followed through names; nothing else.
Runs in the worker, because a hostile source can crash Python's parser.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.records import Note, Written
from autograder.source.cells import Cell, Document, read_document
from autograder.source.lookalikes import find_lookalikes
from autograder.source.statements import Broken, Parsed, Statement, is_main_block, read_statements

PASSES = 2
FEWEST_RUNS = 10
"""A notebook whose execution count is more than twice the number of its code cells, and not tiny, was worked in: one
pass from top to bottom counts up to the number of cells, and whoever only looks runs a few of them again."""

_PASSED = re.compile(r"^\s*✓ (\w+) +Passed\b", re.MULTILINE)
"""The status line of a question that passed, as `render/card.py` writes it."""
_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_MAY_DEFINE = (ast.stmt, ast.ExceptHandler, ast.match_case)
_MAY_BE_COMPLEX = re.compile(r"complex|imag|[\d.][jJ]|[^\x00-\x7f]")
"""What all source has in which `_is_complex` finds something: a look at the tree costs thirty times as much."""
_WORD = re.compile(r"\w+")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


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
    document = read_document(source, kind)
    parsed = read_statements(document.cells)
    statements = parsed.statements
    written: dict[str, Written] = {}
    notes = [*document.notes, *parsed.notes, *(piece.note for piece in parsed.broken)]
    forwards = forwards or functions
    for function, forward in zip(functions, forwards):
        definitions = [statement for statement in statements if function in statement.binds]
        written[function] = (
            _written(function, definitions, parsed.broken)
            or _inside(function, statements)
            or _not_python(function, document.cells)
            or Written("missing")
        )
        if definitions:
            has_forward = any(_is_forward(statement, forward) for statement in statements)
            notes.extend(_remarks(function, forward if has_forward else "", definitions))
    written.update(_lookalikes(written, statements, forwards))
    written.update(_with_calls(written, statements))
    notes.extend(_about_the_whole(written, forwards, document, parsed))
    return Extract(tuple(_reached(statements, functions)), written, tuple(notes))


# ---- what is kept ------------------------------------------------------------------------------------------


def _reached(statements: Sequence[Statement], functions: Sequence[str]) -> list[Statement]:
    """The statements that bind or change a wanted name, or one that such a statement needs, and so on, in order."""
    kept, _ = _follow(statements, _makers(statements), functions)
    kept |= {number for number, statement in enumerate(statements) if _is_star_or_future(statement)}
    return [statements[number] for number in sorted(kept)]


def _makers(statements: Sequence[Statement]) -> dict[str, list[int]]:
    """For each name the numbers of the statements that bind or change it."""
    makers: dict[str, list[int]] = {}
    tables = {name for one in statements if isinstance(one.node, (ast.Assign, ast.AnnAssign)) for name in one.binds}
    needs_of = {name: one.needs for one in statements if isinstance(one.node, ast.FunctionDef) for name in one.binds}
    for number, statement in enumerate(statements):
        # A decorator of the student's own changes the tables that it needs: that is how rules are registered.
        registers = {table for name in statement.may_change for table in needs_of.get(name, ())}
        for name in statement.binds | statement.changes | ((statement.may_change | registers) & tables):
            makers.setdefault(name, []).append(number)
    return makers


def _follow(
    statements: Sequence[Statement], makers: Mapping[str, Sequence[int]], names: Sequence[str]
) -> tuple[set[int], set[str]]:
    """The numbers of the statements that these names lead to, and all names on the way."""
    kept: set[int] = set()
    queue, wanted = list(names), set(names)
    while queue:
        for number in makers.get(queue.pop(), ()):
            kept.add(number)
            queue.extend(statements[number].needs - wanted)
            wanted |= statements[number].needs
    return kept, wanted


def _with_calls(written: Mapping[str, Written], statements: Sequence[Statement]) -> Iterator[tuple[str, Written]]:
    """The functions that are written, with the others that they lead to."""
    makers = _makers(statements)
    callable_now = [function for function, what in written.items() if what.state == "written"]
    for function in callable_now:
        _, names = _follow(statements, makers, [function])
        calls = tuple(other for other in callable_now if other in names and other != function)
        yield function, replace(written[function], calls=calls)


def _is_star_or_future(statement: Statement) -> bool:
    """True for imports whose effect has no name. A star import may stand in a `try`, and in no function or class."""
    if "import" not in statement.source or isinstance(statement.node, _DEFINITION):
        return False
    return any(
        isinstance(node, ast.ImportFrom) and (node.module == "__future__" or node.names[0].name == "*")
        for node in ast.walk(statement.node)
    )


# ---- what a graded function looks like ---------------------------------------------------------------------


def _written(function: str, definitions: Sequence[Statement], broken: Sequence[Broken]) -> Written | None:
    """What stands at the left margin under the name of a graded function, if anything."""
    last = definitions[-1] if definitions else None
    if last is not None and not (isinstance(last.node, ast.FunctionDef) and is_stub(last.node)):
        return Written("written", last.place)
    for piece in broken:
        if _beginning_of(function).search(piece.text):
            return Written("broken", piece.note.facts)
    return None if last is None else Written("stub", last.place)


def _beginning_of(function: str) -> re.Pattern[str]:
    return re.compile(rf"^[ \t]*(?:(?:async\s+)?def\s+{function}\b|{function}\s*=(?!=))", re.MULTILINE)


def _inside(function: str, statements: Sequence[Statement]) -> Written | None:
    """A definition inside of a class, of another function, or of the main block: the last one that is no stub."""
    found = None
    for statement in statements:
        if function not in statement.cell.text:
            continue
        for node, state, within in sorted(_functions_inside(statement.node), key=lambda one: one[0].lineno):
            if node.name == function and not is_stub(node):
                facts = {"where": statement.cell.where, "line": node.lineno, "code": statement.cell.quote(node.lineno)}
                found = Written(state, {**facts, "within": within} if within else facts)
    return found


def _functions_inside(statement: ast.stmt) -> Iterator[tuple[ast.FunctionDef, str, str]]:
    """Each function that the left margin does not see, with the state that this is, and the name of what it is in."""
    queue: list[tuple[ast.AST, str, str]] = [(statement, "", "")]
    while queue:
        node, state, within = queue.pop()
        if isinstance(node, ast.FunctionDef):
            if state:
                yield node, state, within
            state, within = "inside-function", node.name
        elif isinstance(node, ast.ClassDef):
            state, within = "inside-class", node.name
        elif is_main_block(node):
            state, within = "inside-main", ""
        children = ast.iter_child_nodes(node)
        queue += [(child, state, within) for child in children if isinstance(child, _MAY_DEFINE)]


def _not_python(function: str, cells: Sequence[Cell]) -> Written | None:
    """A definition in a cell that is not run as Python: under `%%writefile`, or in a markdown cell."""
    for cell in cells:
        match = _beginning_of(function).search(cell.text) if cell.left_out else None
        if match is not None:
            line = cell.text.count("\n", 0, match.start()) + 1
            facts = {"where": cell.where, "line": line, "code": cell.quote(line)}
            if cell.left_out.startswith("%%"):
                return Written("under-magic", {**facts, "magic": cell.left_out})
            return Written("in-text", facts)
    return None


def _lookalikes(
    written: Mapping[str, Written], statements: Sequence[Statement], forwards: Sequence[str]
) -> Iterator[tuple[str, Written]]:
    """For a missing function, one that is there under another name."""
    missing = [function for function, what in written.items() if what.state == "missing"]
    defined = _other_functions(written, statements, forwards)
    for function, name in find_lookalikes(missing, list(defined)).items():
        yield function, Written("lookalike", {**defined[name].place, "found": name})


def _other_functions(
    written: Mapping[str, Written], statements: Sequence[Statement], forwards: Sequence[str]
) -> dict[str, Statement]:
    """The functions with a body that are neither graded nor given, by name."""
    found = {}
    for statement in statements:
        node = statement.node
        is_lambda = isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)
        if is_lambda or (isinstance(node, ast.FunctionDef) and not is_stub(node)):
            found.update(dict.fromkeys(sorted(statement.binds), statement))
    return {name: statement for name, statement in found.items() if name not in {*written, *forwards}}


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
    of_their_own = [one for one in definitions if not (isinstance(one.node, ast.Assign) and function in one.needs)]
    if len(of_their_own) > 1:  # `f = timed(f)` is no second definition
        places = [_place_in_words(definition) for definition in of_their_own]
        yield Note("defined-twice", {"function": function, "times": len(places), "places": "; ".join(places)})
    last = definitions[-1]
    if _MAY_BE_COMPLEX.search(last.source) and any(_is_complex(node) for node in ast.walk(last.node)):
        yield Note("complex-numbers", {"function": function, **last.place})
    if _may_call(forward, last.source) and any(_is_call_of(node, forward) for node in ast.walk(last.node)):
        yield Note("calls-forward", {"function": function, "forward": forward, **last.place})


def _may_call(name: str, source: str) -> bool:
    """False where no look at the tree is needed: the name does not occur. Other letters may be read as plain ones."""
    return bool(name) and (name in _WORD.findall(source) or not source.isascii())


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


# ---- what the whole file looks like ------------------------------------------------------------------------


def _about_the_whole(
    written: Mapping[str, Written], forwards: Sequence[str], document: Document, parsed: Parsed
) -> Iterator[Note]:
    """What explains that there is little to grade: no code, another assignment, or an old state of the file."""
    states = {what.state for what in written.values()}
    if not parsed.statements and not parsed.broken and not any(c.left_out.startswith("%%") for c in document.cells):
        yield Note("no-code")
        return
    passed = _passed_before(written, forwards, document)
    if passed:
        yield Note("unsaved-function", {"names": ", ".join(passed)})
    if len(written) == 1:  # one question of several was asked for; about the others nothing is known here
        return
    others = _other_functions(written, parsed.statements, forwards)
    if states == {"missing"} and others and not passed:
        yield Note("other-assignment", {"names": _first_three(list(others))})
    elif states <= {"stub", "missing"} and not passed:
        runs = max((cell.runs for cell in document.cells), default=0)
        if runs > PASSES * len(document.code_cells) and runs >= FEWEST_RUNS:
            yield Note("unsaved-edits", {"times": runs})


def _passed_before(written: Mapping[str, Written], forwards: Sequence[str], document: Document) -> list[str]:
    """The functions that are not written here, though an output of the grader's in this file says that they passed."""
    shown = "\n".join(cell.shown for cell in document.cells)
    questions = set(_PASSED.findall(_COLOUR.sub("", shown)))
    return [
        function
        for (function, what), forward in zip(written.items(), forwards)
        if what.state in ("stub", "missing")
        and any(name in (function, forward) or function.startswith(f"{name}_") for name in questions)
    ]


def _first_three(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`, or `a, b, c and 4 more`"""
    if len(names) > 3:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
