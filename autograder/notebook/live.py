"""The functions of a notebook, as they are right now in its memory."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import Any

from autograder.places.lines import line_facts_of_code
from autograder.records import Written
from autograder.source.extract import is_stub
from autograder.source.lookalikes import find_lookalikes

Namespace = dict[str, Any]
Functions = dict[str, Callable[..., Any]]


def written_in(namespace: Namespace, functions: Sequence[str]) -> dict[str, Written]:
    """What is there of each graded function: "written", a "stub-here", "not-run", or a "lookalike"."""
    written = {name: _written(namespace.get(name)) for name in functions}
    missing = [name for name, what in written.items() if what.state == "not-run"]
    others = {name: value.__code__ for name, value in _own(namespace) if name not in written}
    for name, found in find_lookalikes(missing, list(others)).items():
        written[name] = Written("lookalike", {**line_facts_of_code(others[found]), "found": found})
    return {name: _with_calls(what, name, namespace, written) for name, what in written.items()}


def callable_in(namespace: Namespace, written: Mapping[str, Written]) -> Functions:
    """The graded functions that can be called, by name."""
    return {name: namespace[name] for name, what in written.items() if what.state == "written"}


def reached_from(namespace: Namespace, names: Sequence[str]) -> set[str]:
    """All names that these functions lead to, through others of the notebook; they themselves are among them."""
    own = dict(_own(namespace))
    seen, queue = set(names), list(names)
    while queue:
        name = queue.pop()
        new = set(_names_in(own[name].__code__)) - seen if name in own else set()
        seen |= new
        queue += new
    return seen


def source_of(function: Any) -> str:
    """The text of a function's definition as it was run; "" where nobody knows."""
    try:
        return textwrap.dedent(inspect.getsource(function))
    except Exception:  # made without a file, or from one that is gone
        return ""


@contextmanager
def with_right(namespace: Namespace, right: Mapping[str, Callable[..., Any]]) -> Iterator[None]:
    """While it lasts, right functions stand in the places of the student's, for others that call them."""
    theirs = {name: namespace[name] for name in right}
    namespace.update(right)
    try:
        yield
    finally:
        namespace.update(theirs)


def _written(value: Any) -> Written:
    if not callable(value):
        return Written("not-run")
    if not isinstance(value, FunctionType):
        return Written("written")
    try:
        (definition,) = ast.parse(source_of(value)).body
    except (ValueError, SyntaxError):  # a lambda, or a text that is not all of it
        return Written("written")
    is_empty = isinstance(definition, ast.FunctionDef) and is_stub(definition)
    return Written("stub-here" if is_empty else "written", line_facts_of_code(value.__code__))


def _own(namespace: Namespace) -> Iterator[tuple[str, FunctionType]]:
    """The functions that were defined here, by name."""
    for name, value in namespace.items():
        if isinstance(value, FunctionType) and value.__globals__ is namespace:
            yield name, value


def _with_calls(what: Written, name: str, namespace: Namespace, written: Mapping[str, Written]) -> Written:
    """With the other graded functions that it leads to, through helpers or not."""
    if what.state != "written":
        return what
    reached = reached_from(namespace, [name])
    calls = [other for other, state in written.items() if other in reached and state.state == "written"]
    return Written(what.state, what.facts, tuple(other for other in calls if other != name))


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)
