"""The kept statements of a submission, run one by one into a module of their own. In a worker, sealed before.

numpy and the standard library only.
"""

from __future__ import annotations
import __future__

import ast
import linecache
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.places.exceptions import exception_text
from autograder.records import Note
from autograder.source.extract import Extract
from autograder.source.statements import Statement

STUDENT_MODULE = "student"
SCRIPT = "<script>"


def define(
    kept: Extract, wanted: tuple[str, ...], modules: Mapping[str, bytes], given: Mapping[str, Callable[..., Any]]
) -> tuple[dict[str, Callable[..., Any]], list[Note]]:
    """Run the kept statements one by one; a failing one costs only the names that it would have bound.

    Then the `given` functions take the places of the student's, wherever these are called by their names.
    """
    student = types.ModuleType(STUDENT_MODULE)
    student.__file__ = SCRIPT  # for who asks where it is; in a notebook nobody does
    sys.modules[STUDENT_MODULE] = student
    for name, source in modules.items():
        sys.modules[name] = _Deferred(name, source)
    run = _Run(kept.statements, student)
    for number in range(len(kept.statements)):
        run.define(number)
    for name, right in given.items():
        from autograder.copies import in_place_of  # it came with what is given; most need neither

        student.__dict__[name] = in_place_of(student.__dict__.get(name), right)
    notes = [*run.notes, *(run.raised(number, error) for number, (_, error) in run.waiting.items())]
    available = {
        name: student.__dict__[name]
        for name in wanted
        if kept.written[name].state == "written" and callable(student.__dict__.get(name))
    }
    return available, notes


class _Run:
    """The kept statements on their way, one by one, into the student's module.

    What needs a name that another one further down defines waits for that one: cells are not always in the order
    in which they were run. Each statement succeeds once at most, and only a success lets others try again.
    """

    def __init__(self, statements: Sequence[Statement], student: types.ModuleType) -> None:
        self.statements = statements
        self.namespace = student.__dict__
        self.notes: list[Note] = []
        self.waiting: dict[int, tuple[str, BaseException]] = {}
        self.bound: dict[str, int] = {}
        self.flags = 0

    def define(self, number: int) -> None:
        """Run one statement, and then those that waited for it."""
        ready = [number] if self._succeeds(number, number) else []
        while ready:
            names = self.statements[ready.pop()].binds
            for earlier in [one for one, (name, _) in self.waiting.items() if name in names]:
                name, error = self.waiting.pop(earlier)
                if any(self.bound.get(own, -1) > earlier for own in self.statements[earlier].binds):
                    self.notes.append(self.raised(earlier, error))  # what was defined later, counts
                elif self._succeeds(earlier, number):
                    self.notes.append(Note("out-of-order", {**self.statements[earlier].place, "name": name}))
                    ready.append(earlier)

    def raised(self, number: int, error: BaseException) -> Note:
        statement = self.statements[number]
        names = ", ".join(sorted(statement.binds))
        return Note("statement-raised", {**statement.place, **_what(error), "names": names})

    def _succeeds(self, number: int, latest: int) -> bool:
        """Whether the statement ran to its end. If not, it waits, or there is a note. `latest` is how far we are."""
        statement = self.statements[number]
        try:
            self._execute(statement)
        except BaseException as error:  # `sys.exit()` at the top of a cell, too
            name = error.name if type(error) is NameError else None
            further_down = [*self.statements[latest + 1 :], *(self.statements[one] for one in self.waiting)]
            if name is not None and any(name in one.binds for one in further_down if one is not statement):
                self.waiting[number] = (name, error)
            else:
                self.notes.append(self.raised(number, error))
            return False
        self.bound.update(dict.fromkeys(statement.binds, number))
        return True

    def _execute(self, statement: Statement) -> None:
        file = statement.cell.where or SCRIPT
        # Where tracebacks find the text of a line, as in a notebook kernel.
        lines = [f"{line}\n" for line in statement.cell.text.split("\n")]
        linecache.cache[file] = (len(statement.cell.text), None, lines, file)
        code = compile(ast.Module([statement.node], []), file, "exec", flags=self.flags, dont_inherit=True)
        self.flags |= code.co_flags & __future__.annotations.compiler_flag
        exec(code, self.namespace)


def _what(error: BaseException) -> dict[str, Any]:
    missing = error.name if isinstance(error, ImportError) and error.name else ""
    return {"exception": type(error).__name__, "text": exception_text(error), "module": str(missing)}


class _Deferred(types.ModuleType):
    """A public file of the assignment, run when a student's code first touches it, because most never do."""

    def __init__(self, name: str, source: bytes) -> None:
        super().__init__(name)
        self.__source = source

    def __getattr__(self, attribute: str) -> Any:
        source, self.__source = self.__source, b""
        if source:
            exec(compile(source, f"{self.__name__}.py", "exec"), self.__dict__)
            if attribute in self.__dict__:
                return self.__dict__[attribute]
        raise AttributeError(f"module {self.__name__!r} has no attribute {attribute!r}")
