"""A right answer in, wrong ones out: copies of a source that differ from it in one place each.

Whoever wants to know how much a set of checks notices asks it about these. Parsed, never run, and meant for sources
that we trust: a solution, or a right submission of our own. A mutant need not be wrong: `axis=-1` in place of `axis=1`
says the same of a matrix. Most are, and those that no check notices are few enough to be looked at by a person.

The walk: the named function and what it reaches by name → every place in it that may be changed → what each line of
`CHANGES` would write there → sources, each one once.
"""

from __future__ import annotations

import ast
import builtins
import copy
import symtable
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, permutations
from typing import Any

from autograder.errors import UsageError, did_you_mean


@dataclass(frozen=True)
class Mutant:
    """A source with one change: `before` became `after`, two fragments for a person to read."""

    line: int
    kind: str
    before: str
    after: str
    source: str


def mutants_of(source: str, function: str) -> list[Mutant]:
    """The mutants of a function and of all that it reaches in this source, by line, column and kind.

    Raises UsageError when nothing at the top level of the source defines the function, and SyntaxError when the source
    is no Python.
    """
    tree = ast.parse(source)
    text = source.encode()
    starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    namespaces = _namespaces(tree)
    edits = [
        edit
        for number in _reached(tree.body, function)
        for place in _places(Place(tree.body[number], tree, "body", number, tree.body[number], (), namespaces))
        for edit in _edits(place)
    ]
    edits.sort(key=lambda edit: (edit.line, edit.column, edit.kind))
    seen: set[tuple[int, str]] = set()
    mutants = []
    for edit in edits:
        if (id(edit.rewritten), edit.text) in seen:
            continue
        seen.add((id(edit.rewritten), edit.text))
        start = starts[edit.rewritten.lineno - 1] + edit.rewritten.col_offset
        stop = starts[(edit.rewritten.end_lineno or 1) - 1] + (edit.rewritten.end_col_offset or 0)
        if isinstance(edit.rewritten, ast.While) and edit.text == "if":
            stop = start + len("while")
        changed = (text[:start] + edit.text.encode() + text[stop:]).decode()
        mutants.append(Mutant(edit.line, edit.kind, edit.before, edit.after, changed))
    return mutants


# ---- what a function reaches -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Names:
    """The names that a top-level statement binds, fills or changes, needs at once, and needs at any time."""

    binds: frozenset[str]
    changes: frozenset[str]
    needs_at_once: frozenset[str]
    needs: frozenset[str]


def _reached(body: Sequence[ast.stmt], function: str) -> list[int]:
    """The numbers of the statements that define the function, or something that it needs, and so on, in order."""
    names = [_names(statement) for statement in body]
    defined = {name for one in names for name in one.binds}
    if function not in defined:
        hint = did_you_mean(function, sorted(defined)) or f"it defines {', '.join(sorted(defined)) or 'nothing'}."
        raise UsageError(f"This source has no function {function} at its top level: {hint}")
    kept: set[int] = set()
    queue, wanted = [function], {function}
    while queue:
        for number in _makers(body, names, queue.pop()):
            kept.add(number)
            needs = names[number].needs & defined  # `np.random.seed(1)` makes no part of a library ours
            queue.extend(sorted(needs - wanted))
            wanted |= needs
    return sorted(kept)


def _makers(body: Sequence[ast.stmt], names: Sequence[Names], name: str) -> Iterator[int]:
    """The statements that make what the name means in the end: what is defined anew was for nothing before."""
    for number in reversed(range(len(body))):
        if name in names[number].binds | names[number].changes:
            yield number
        if (
            isinstance(body[number], (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign))
            and name in names[number].binds - names[number].needs_at_once
        ):
            return


def _names(statement: ast.stmt) -> Names:
    table = symtable.symtable(ast.unparse(statement), "<names>", "exec")
    symbols = table.get_symbols()
    binds = {symbol.get_name() for symbol in symbols if symbol.is_assigned()}
    at_once = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
    later = {symbol.get_name() for inner in _inner(table) for symbol in inner.get_symbols() if symbol.is_global()}
    changes = frozenset(_base(node) for node in _run_at_once(statement) if _fills(node))
    return Names(frozenset(binds), changes, frozenset(at_once), frozenset(at_once | later))


def _inner(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner(child)


def _run_at_once(node: ast.AST) -> Iterator[ast.AST]:
    """The node and what is below it, without functions, which run when they are called."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        yield node
        for child in ast.iter_child_nodes(node):
            yield from _run_at_once(child)


def _fills(node: ast.AST) -> bool:
    """True for `table["x"]` and `f.calls` where something is stored, and for `table.append(...)` as a statement."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return isinstance(node.value.func, ast.Attribute)
    return isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store)


def _base(node: ast.AST) -> str:
    """`table` for `table["x"]` and `table["x"].append(1)`; "" where no name stands at the beginning."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Expr, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _namespaces(tree: ast.Module) -> frozenset[str]:
    """The names behind whose dot a function stands, and not a method: modules, classes, and the object itself."""
    aliases = [
        alias for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names
    ]
    modules = {alias.asname or alias.name.partition(".")[0] for alias in aliases}
    classes = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    return frozenset({"self", "cls"} | modules | classes)


# ---- places ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A node and where it stands. `rewritten` is the statement, or the expression at the head of a compound one, whose
    text is written anew when the node changes; None between the two. `parameters` are those of the functions around
    it, innermost first."""

    node: Any
    parent: Any
    field: str
    index: int | None
    rewritten: ast.stmt | ast.expr | None
    parameters: tuple[tuple[str, ...], ...]
    namespaces: frozenset[str]


@dataclass(frozen=True)
class Edit:
    """One change: the text that takes the place of what is `rewritten`, and what a person is told."""

    line: int
    column: int
    kind: str
    before: str
    after: str
    rewritten: ast.stmt | ast.expr
    text: str


LEFT_ALONE = (
    ast.Assert,
    ast.Raise,
    ast.Import,
    ast.ImportFrom,
    ast.Global,
    ast.Nonlocal,
    ast.JoinedStr,
)
"""What only speaks to a person, or declares: right results do not hang on it, or everything does."""

FIELDS_LEFT_ALONE = ("annotation", "returns", "decorator_list", "bases", "type", "type_params", "pattern")


def _places(place: Place) -> Iterator[Place]:
    """The place itself and all places below it that may be changed."""
    node = place.node
    if isinstance(node, LEFT_ALONE) or _is_comment(node):
        return
    yield place
    is_compound = isinstance(node, ast.stmt) and bool({"body", "cases"} & set(node._fields))
    for field, value in ast.iter_fields(node):
        if field in FIELDS_LEFT_ALONE:
            continue
        parameters = place.parameters
        if field == "body" and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            parameters = (_parameters(node.args), *parameters)
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                rewritten = None if is_compound else place.rewritten
                if isinstance(child, ast.stmt) or (isinstance(child, ast.expr) and rewritten is None):
                    rewritten = child
                yield from _places(Place(child, node, field, index, rewritten, parameters, place.namespaces))


def _is_comment(node: ast.AST) -> bool:
    """True for a docstring, and for any other constant that stands as a statement."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _parameters(arguments: ast.arguments) -> tuple[str, ...]:
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return tuple(name for name in names if name not in ("self", "cls"))


def _edits(place: Place) -> Iterator[Edit]:
    """The edits that the table knows for a place; none that leaves the code as it is."""
    if place.rewritten is None:
        return
    old = ""
    for kind, changes in [(kind, changes) for kind, types, changes in CHANGES if isinstance(place.node, types)]:
        for node in changes(place):
            old = old or ast.unparse(place.node)
            new = ast.unparse(node)
            if new != old:
                where = (place.node.lineno, place.node.col_offset)
                yield Edit(*where, kind, _head(old), _head(new), place.rewritten, _text_with(place, node))


def _head(code: str) -> str:
    """The first line: all of a simple statement, and of a loop as much as a person needs."""
    return code.strip().partition("\n")[0]


def _text_with(place: Place, node: ast.AST) -> str:
    """The text of what is rewritten, with this node at the place. The tree is afterwards as it was."""
    if isinstance(place.node, ast.While) and isinstance(node, ast.If):
        return "if"  # the body stays in the text as it is, so only the first word is written anew
    if place.node is place.rewritten:
        return ast.unparse(node)
    _put(place, node)
    text = ast.unparse(place.rewritten or place.node)
    _put(place, place.node)
    return text


def _put(place: Place, node: ast.AST) -> None:
    if place.index is None:
        setattr(place.parent, place.field, node)
    else:
        getattr(place.parent, place.field)[place.index] = node


# ---- operators ---------------------------------------------------------------------------------------------

OPERATORS: Mapping[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}

NOT_COMMUTATIVE = (ast.Sub, ast.Div, ast.MatMult, ast.Pow)

COMPARISONS: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}

CAN_BE_NEGATED = (ast.Name, ast.BinOp, ast.Call, ast.Attribute, ast.Subscript, ast.IfExp)


def _other_operators(place: Place) -> Iterator[ast.AST]:
    """`a + b` → `a - b`; `a += b` → `a -= b`."""
    for operator in OPERATORS.get(type(place.node.op), ()):
        yield _with(place.node, op=operator())


def _operands_swapped(place: Place) -> Iterator[ast.AST]:
    """`a - b` → `b - a`."""
    if isinstance(place.node.op, NOT_COMMUTATIVE):
        yield _with(place.node, left=place.node.right, right=place.node.left)


def _in_place(place: Place) -> Iterator[ast.AST]:
    """`x = x - y` → `x -= y`, which changes what the caller handed in."""
    target, value = place.node.targets[0], place.node.value
    if isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name) and isinstance(target, ast.Name):
        if target.id == value.left.id and len(place.node.targets) == 1:
            yield ast.AugAssign(target, value.op, value.right)


def _signs_dropped(place: Place) -> Iterator[ast.AST]:
    """`-x` → `x`; `not x` → `x`."""
    if _number(place.node) is None:
        yield place.node.operand


def _signs_added(place: Place) -> Iterator[ast.AST]:
    """`return x` → `return -x`, and each entry of a tuple of results."""
    result = _result(place.node)
    if isinstance(result, CAN_BE_NEGATED):
        yield _with_result(place.node, ast.UnaryOp(ast.USub(), result))
    if isinstance(result, (ast.Tuple, ast.List)):
        for index, entry in enumerate(result.elts):
            if isinstance(entry, CAN_BE_NEGATED):
                negated = _with_entry(result.elts, index, ast.UnaryOp(ast.USub(), entry))
                yield _with_result(place.node, _with(result, elts=negated))


def _and_or(place: Place) -> Iterator[ast.AST]:
    """`a and b` ↔ `a or b`."""
    yield _with(place.node, op=ast.Or() if isinstance(place.node.op, ast.And) else ast.And())


def _other_comparisons(place: Place) -> Iterator[ast.AST]:
    """`a == b` → `a != b`; `a < b` → `a <= b`, `a > b`."""
    for index, operator in enumerate(place.node.ops):
        for other in COMPARISONS[type(operator)]:
            yield _with(place.node, ops=_with_entry(place.node.ops, index, other()))


# ---- constants ---------------------------------------------------------------------------------------------

SMALL = 0.01
"""Below it a number is a step or a safeguard, of which only the order of magnitude matters."""


def _other_numbers(place: Place) -> Iterator[ast.AST]:
    """`1` → `2`, `0`, `-1`; `1e-6` → `0.0`, `1.0`, `0.001`, `1e-09`."""
    n = _number(place.node)
    if n is None or _is_sign_of_number(place.parent) or _is_axis(place.parent):
        return
    others = [n + 1, n - 1, -n, 0 * n, 0 * n + 1, 2 * n]
    if 0 < abs(n) < SMALL:
        others = [0.0, 1.0, float(f"{n * 1000:.6g}"), float(f"{n / 1000:.6g}")]
    for value in dict.fromkeys(others):
        if value != n:
            yield _number_node(value)


def _true_false(place: Place) -> Iterator[ast.AST]:
    if isinstance(place.node.value, bool) and not _is_axis(place.parent):
        yield ast.Constant(not place.node.value)


def _other_letters(place: Place) -> Iterator[ast.AST]:
    """`"nh,dh->nd"` → `"nh,dh->dn"`, `"nh,dh->n"`, `"hn,dh->nd"`, `"nh,hd->nd"`."""
    if not isinstance(place.node.value, str) or "->" not in place.node.value:
        return
    inputs, _, output = place.node.value.partition("->")
    yield ast.Constant(f"{inputs}->{output[::-1]}")
    yield ast.Constant(f"{inputs}->{output[:-1]}")
    operands = inputs.split(",")
    for index, letters in enumerate(operands):
        yield ast.Constant(f"{','.join(_with_entry(operands, index, letters[::-1]))}->{output}")


def _number(node: ast.AST) -> int | float | None:
    """The number that a constant, with its sign, stands for; None for everything else."""
    if isinstance(node, ast.UnaryOp) and _is_sign_of_number(node):
        number = _number(node.operand)
        return None if number is None else -number
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return node.value
    return None


def _is_sign_of_number(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub)
        and isinstance(node.operand, ast.Constant)
        and _number(node.operand) is not None
    )


def _number_node(value: int | float) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


# ---- axes --------------------------------------------------------------------------------------------------

AXES: tuple[ast.expr, ...] = (_number_node(0), _number_node(1), _number_node(-1), ast.Constant(None))

AXIS_KEYWORDS: Mapping[str, tuple[ast.expr, ...]] = {
    "axis": AXES,
    "keepdims": (ast.Constant(True), ast.Constant(False)),
}


def _is_axis(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg in AXIS_KEYWORDS


def _other_axes(place: Place) -> Iterator[ast.AST]:
    """`axis=0` → `axis=1`, `axis=-1`, `axis=None`; `keepdims=True` ↔ `keepdims=False`."""
    for value in AXIS_KEYWORDS.get(place.node.arg, ()):
        yield _with(place.node, value=value)


def _axis_keywords_dropped(place: Place) -> Iterator[ast.AST]:
    """`x.sum(axis=0)` → `x.sum()`."""
    return _keywords_dropped(place, of_axes=True)


def _transposes_dropped(place: Place) -> Iterator[ast.AST]:
    """`x.T` → `x`."""
    if place.node.attr == "T":
        yield place.node.value


def _other_indices(place: Place) -> Iterator[ast.AST]:
    """`x[i]` → `x[i + 1]`, `x[i - 1]`; `x[:n]` → `x[:n - 1]`, `x[:]`; `x[:, None]` → `x[None, :]`, `x[:]`."""
    index = place.node.slice
    if not isinstance(index, ast.Tuple):
        for other in _other_entries(index):
            yield _with(place.node, slice=other)
        return
    for one, two in combinations(range(len(index.elts)), 2):
        yield _with(place.node, slice=_with(index, elts=_swapped(index.elts, one, two)))
    for number, entry in enumerate(index.elts):
        for other in _other_entries(entry):
            yield _with(place.node, slice=_with(index, elts=_with_entry(index.elts, number, other)))
        rest = [*index.elts[:number], *index.elts[number + 1 :]]
        if rest:
            yield _with(place.node, slice=rest[0] if len(rest) == 1 else _with(index, elts=rest))


def _other_entries(entry: ast.expr) -> Iterator[ast.expr]:
    if isinstance(entry, ast.Slice):
        for bound in ("lower", "upper", "step"):
            value = getattr(entry, bound)
            if value is not None:
                if _number(value) is None:
                    yield _with(entry, **{bound: _shifted(value, 1)})
                    yield _with(entry, **{bound: _shifted(value, -1)})
                yield _with(entry, **{bound: None})
    elif _number(entry) is None and not isinstance(entry, (ast.Constant, ast.Starred)):
        yield _shifted(entry, 1)
        yield _shifted(entry, -1)


def _indices_dropped(place: Place) -> Iterator[ast.AST]:
    """`x[1:]` → `x`."""
    if isinstance(place.node.ctx, ast.Load):
        yield place.node.value


def _shifted(node: ast.expr, by: int) -> ast.expr:
    number = _number(node)
    if number is not None:
        return _number_node(number + by)
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(abs(by)))


# ---- calls and their arguments -----------------------------------------------------------------------------

IN_ANY_ORDER = ("add", "multiply", "maximum", "minimum", "max", "min", "isclose", "allclose", "array_equal")
"""Functions that say the same when their arguments are swapped."""

NEVER_DROPPED = ("range", "len", "enumerate", "zip", "isinstance", "hasattr", "print")
"""Functions whose first argument is another kind of thing: without the call the rest could only crash."""

RELATED: Mapping[str, tuple[str, ...]] = {
    "add": ("subtract",),
    "all": ("any",),
    "any": ("all",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "array": ("asarray",),
    "divide": ("multiply",),
    "exp": ("expm1",),
    "hstack": ("vstack",),
    "log": ("log1p",),
    "matmul": ("multiply",),
    "max": ("min",),
    "maximum": ("minimum",),
    "mean": ("sum",),
    "min": ("max",),
    "minimum": ("maximum",),
    "multiply": ("add", "divide"),
    "ones": ("zeros",),
    "ones_like": ("zeros_like",),
    "prod": ("sum",),
    "sqrt": ("square",),
    "square": ("sqrt",),
    "subtract": ("add",),
    "sum": ("mean",),
    "true_divide": ("multiply",),
    "vstack": ("hstack",),
    "zeros": ("ones",),
    "zeros_like": ("ones_like",),
}


def _arguments_swapped(place: Place) -> Iterator[ast.AST]:
    """`f(a, b)` → `f(b, a)`."""
    arguments = place.node.args
    called = place.node.func
    if getattr(called, "attr", getattr(called, "id", "")) not in IN_ANY_ORDER:
        for one, two in combinations(range(len(arguments)), 2):
            yield _with(place.node, args=_swapped(arguments, one, two))


def _entries_swapped(place: Place) -> Iterator[ast.AST]:
    """`np.zeros((N, V))` → `np.zeros((V, N))`; what stands in an index is a matter of axes, and results of results."""
    if isinstance(place.node.ctx, ast.Load) and not isinstance(place.parent, (ast.Subscript, ast.Return, ast.Lambda)):
        for one, two in combinations(range(len(place.node.elts)), 2):
            yield _with(place.node, elts=_swapped(place.node.elts, one, two))


def _last_argument_dropped(place: Place) -> Iterator[ast.AST]:
    """`x.max(1)` → `x.max()`; `np.sum(x, 1)` → `np.sum(x)`."""
    fewest = 0 if _is_method(place) else 1
    if isinstance(place.node.func, ast.Attribute) and len(place.node.args) > fewest:
        yield _with(place.node, args=place.node.args[:-1])


def _other_ranges(place: Place) -> Iterator[ast.AST]:
    """`range(n)` → `range(n - 1)`, `range(1, n)`."""
    if not isinstance(place.node.func, ast.Name) or place.node.func.id != "range" or not place.node.args:
        return
    first, *rest = place.node.args
    if rest:
        yield _with(place.node, args=[first, _shifted(rest[0], -1), *rest[1:]])
        yield _with(place.node, args=[_shifted(first, 1), *rest])
    else:
        yield _with(place.node, args=[_shifted(first, -1)])
        yield _with(place.node, args=[ast.Constant(1), first])


def _other_parameters(place: Place) -> Iterator[ast.AST]:
    """`a.shape` → `b.shape` where `a` and `b` are parameters of the function around it."""
    if not isinstance(place.node.ctx, ast.Load) or place.field == "func":
        return
    for parameters in place.parameters:
        if place.node.id in parameters:
            yield from (_with(place.node, id=other) for other in parameters)
            return


def _calls_dropped(place: Place) -> Iterator[ast.AST]:
    """`np.exp(x)` → `x`; `x.sum(axis=0)` → `x`."""
    called = place.node.func
    if isinstance(place.parent, ast.Expr) or (isinstance(called, ast.Name) and called.id in NEVER_DROPPED):
        return
    if _is_method(place):
        yield called.value
    elif place.node.args and not isinstance(place.node.args[0], ast.Starred):
        yield place.node.args[0]


def _is_method(place: Place) -> bool:
    """True for `x.sum()` and `np.exp(x).sum()`, and False for `np.sum(x)` and `np.add.reduce(x)`."""
    behind = place.node.func
    while isinstance(behind, ast.Attribute):
        behind = behind.value
    is_of_namespace = isinstance(behind, ast.Name) and behind.id in place.namespaces
    return isinstance(place.node.func, ast.Attribute) and not is_of_namespace


def _related_functions(place: Place) -> Iterator[ast.AST]:
    """`np.max` → `np.min`; `x.sum` → `x.mean`."""
    for other in RELATED.get(place.node.attr, ()):
        yield _with(place.node, attr=other)


def _related_builtins(place: Place) -> Iterator[ast.AST]:
    """`max` → `min`."""
    if isinstance(place.node.ctx, ast.Load):
        for other in RELATED.get(place.node.id, ()):
            if hasattr(builtins, other):
                yield _with(place.node, id=other)


def _other_keywords_dropped(place: Place) -> Iterator[ast.AST]:
    """`np.zeros(3, dtype=int)` → `np.zeros(3)`."""
    return _keywords_dropped(place, of_axes=False)


def _keywords_dropped(place: Place, *, of_axes: bool) -> Iterator[ast.AST]:
    for index, keyword in enumerate(place.node.keywords):
        if keyword.arg is not None and _is_axis(keyword) == of_axes:
            yield _with(place.node, keywords=[*place.node.keywords[:index], *place.node.keywords[index + 1 :]])


# ---- results -----------------------------------------------------------------------------------------------


def _other_results(place: Place) -> Iterator[ast.AST]:
    """`return a, b` → `return b, a`, `return a, a`, `return b, b`."""
    result = _result(place.node)
    if not isinstance(result, (ast.Tuple, ast.List)):
        return
    for one, two in combinations(range(len(result.elts)), 2):
        yield _with_result(place.node, _with(result, elts=_swapped(result.elts, one, two)))
    for one, two in permutations(range(len(result.elts)), 2):
        yield _with_result(place.node, _with(result, elts=_with_entry(result.elts, two, result.elts[one])))


def _result(node: ast.Return | ast.Lambda) -> ast.expr | None:
    return node.value if isinstance(node, ast.Return) else node.body


def _with_result(node: ast.Return | ast.Lambda, result: ast.expr) -> Any:
    return _with(node, **{"value" if isinstance(node, ast.Return) else "body": result})


# ---- deletions ---------------------------------------------------------------------------------------------

LOOPS = (ast.For, ast.AsyncFor, ast.While)

CAN_BE_DROPPED = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Delete, ast.Break, ast.Continue, ast.With)
"""Statements that may go where others stay. Not an `if`: that its condition is False says the same."""


def _statements_dropped(place: Place) -> Iterator[ast.AST]:
    """Any statement that does not stand alone, and any loop → `pass`."""
    if isinstance(place.parent, ast.Module) or (isinstance(place.node, ast.AnnAssign) and place.node.value is None):
        return
    neighbours = [node for node in getattr(place.parent, place.field) if not _is_comment(node)]
    if isinstance(place.node, LOOPS) or len(neighbours) > 1:
        yield ast.Pass()


def _once(place: Place) -> Iterator[ast.AST]:
    """`while x:` → `if x:`."""
    leaves = any(isinstance(node, (ast.Break, ast.Continue)) for node in ast.walk(place.node))
    if not leaves and not place.node.orelse:
        yield ast.If(place.node.test, place.node.body, [])


def _conditions_and_loops(place: Place) -> Iterator[ast.AST]:
    """The condition of an `if` → `True`, `False`; `for x in xs` → `for x in list(xs)[:1]`."""
    if isinstance(place.parent, ast.If) and place.field == "test":
        yield ast.Constant(True)
        yield ast.Constant(False)
    if isinstance(place.parent, ast.For) and place.field == "iter":
        listed = ast.Call(ast.Name("list", ast.Load()), [place.node], [])
        yield ast.Subscript(listed, ast.Slice(None, ast.Constant(1), None), ast.Load())


def _nothing_returned(place: Place) -> Iterator[ast.AST]:
    if place.node.value is not None:
        yield _with(place.node, value=ast.Constant(None))


def _old_value_dropped(place: Place) -> Iterator[ast.AST]:
    """`x += y` → `x = y`."""
    yield ast.copy_location(ast.Assign([place.node.target], place.node.value), place.node)


def _operands_dropped(place: Place) -> Iterator[ast.AST]:
    """`a * b` → `a`, `b`."""
    yield place.node.left
    yield place.node.right


def _conditions_dropped(place: Place) -> Iterator[ast.AST]:
    """`a and b` → `a`, `b`."""
    for index in range(len(place.node.values)):
        rest = [*place.node.values[:index], *place.node.values[index + 1 :]]
        yield rest[0] if len(rest) == 1 else _with(place.node, values=rest)


def _choices_dropped(place: Place) -> Iterator[ast.AST]:
    """`a if condition else b` → `a`, `b`."""
    yield place.node.body
    yield place.node.orelse


def _filters_dropped(place: Place) -> Iterator[ast.AST]:
    """`[x for x in xs if x]` → `[x for x in xs]`."""
    for number, generator in enumerate(place.node.generators):
        for index in range(len(generator.ifs)):
            rest = _with(generator, ifs=[*generator.ifs[:index], *generator.ifs[index + 1 :]])
            yield _with(place.node, generators=_with_entry(place.node.generators, number, rest))


# ---- how a node is changed ---------------------------------------------------------------------------------


def _with(node: Any, **fields: Any) -> Any:
    """A copy of the node with other fields; what stands below is shared."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _with_entry(entries: Sequence[Any], index: int, entry: Any) -> list[Any]:
    return [*entries[:index], entry, *entries[index + 1 :]]


def _swapped(entries: Sequence[Any], one: int, two: int) -> list[Any]:
    return _with_entry(_with_entry(entries, one, entries[two]), two, entries[one])


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

CHANGES: tuple[tuple[str, tuple[type[ast.AST], ...], Callable[[Place], Iterator[ast.AST]]], ...] = (
    ("operator", (ast.BinOp, ast.AugAssign), _other_operators),
    ("operator", (ast.BinOp,), _operands_swapped),
    ("operator", (ast.Assign,), _in_place),
    ("operator", (ast.UnaryOp,), _signs_dropped),
    ("operator", (ast.Return, ast.Lambda), _signs_added),
    ("operator", (ast.BoolOp,), _and_or),
    ("comparison", (ast.Compare,), _other_comparisons),
    ("constant", (ast.Constant, ast.UnaryOp), _other_numbers),
    ("constant", (ast.Constant,), _true_false),
    ("constant", (ast.Constant,), _other_letters),
    ("axis", (ast.keyword,), _other_axes),
    ("axis", (ast.Call,), _axis_keywords_dropped),
    ("axis", (ast.Attribute,), _transposes_dropped),
    ("axis", (ast.Subscript,), _other_indices),
    ("axis", (ast.Subscript,), _indices_dropped),
    ("argument", (ast.Call,), _arguments_swapped),
    ("argument", (ast.Tuple, ast.List), _entries_swapped),
    ("argument", (ast.Call,), _last_argument_dropped),
    ("argument", (ast.Call,), _other_ranges),
    ("name-swap", (ast.Name,), _other_parameters),
    ("call", (ast.Call,), _calls_dropped),
    ("call", (ast.Attribute,), _related_functions),
    ("call", (ast.Name,), _related_builtins),
    ("keyword", (ast.Call,), _other_keywords_dropped),
    ("result", (ast.Return, ast.Lambda), _other_results),
    ("deletion", (*CAN_BE_DROPPED, *LOOPS), _statements_dropped),
    ("deletion", (ast.While,), _once),
    ("deletion", (ast.expr,), _conditions_and_loops),
    ("deletion", (ast.Return,), _nothing_returned),
    ("deletion", (ast.AugAssign,), _old_value_dropped),
    ("deletion", (ast.BinOp,), _operands_dropped),
    ("deletion", (ast.BoolOp,), _conditions_dropped),
    ("deletion", (ast.IfExp,), _choices_dropped),
    ("deletion", COMPREHENSIONS, _filters_dropped),
)
"""Kind, the nodes it is about, and what it writes in their place."""
