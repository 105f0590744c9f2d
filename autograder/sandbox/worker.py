"""The child: load what a student may use, give everything else up, define the functions, answer the deck.

Nothing in this process is trusted once the first student statement has run, and nothing secret is ever in it.
numpy and the standard library only.
"""

from __future__ import annotations
import __future__

import ast
import codecs
import contextlib
import importlib
import inspect
import io
import linecache
import os
import signal
import sys
import tokenize
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.answer import answer_case, function_of
from autograder.derivative import right_function
from autograder.learn import NO_TRAINING, Training
from autograder.places.exceptions import exception_text
from autograder.places.lines import stuck_facts
from autograder.records import Note, Operation
from autograder.sandbox import limits, wire
from autograder.source.cells import UnreadableSource
from autograder.source.extract import Extract, extract
from autograder.source.statements import Statement

STUDENT_MODULE = "student"

LONGEST_CODING_LINE = 1000

IMPORTABLE = (
    *("abc", "array", "bisect", "builtins", "collections", "collections.abc", "contextlib", "copy", "copyreg"),
    *("dataclasses", "datetime", "decimal", "enum", "fractions", "functools", "heapq", "inspect", "io", "itertools"),
    *("json", "linecache", "logging", "math", "numbers", "operator", "os", "os.path", "pathlib", "pprint", "random"),
    *("re", "statistics", "string", "struct", "sys", "textwrap", "time", "timeit", "traceback", "types", "typing"),
    *("unittest", "unittest.mock", "uuid", "warnings", "weakref"),
    *("numpy.char", "numpy.fft", "numpy.lib.stride_tricks", "numpy.linalg", "numpy.ma", "numpy.polynomial"),
    *("numpy.random", "numpy.rec", "numpy.testing"),
)
"""What a student's code may import: loaded before the doors close, if the submission mentions it at all."""

NEEDED_BY_THE_PARSER = ("unicodedata", "encodings.unicode_escape", "encodings.raw_unicode_escape")
"""Python asks for these at the first name that is not ASCII, and `ast.unparse` at the first such docstring."""


def main() -> None:
    """Say READY, read one request, answer it, and leave."""
    parent = os.getppid()
    channel_in, channel_out = os.dup(0), os.dup(1)
    uid = int(sys.argv[1]) if sys.argv[1] != "-" else None
    limits.keep_only_descriptors(channel_in, channel_out)
    _warm_up()
    os.write(channel_out, wire.frame(wire.READY, 0, b""))

    request = wire.decode_request(_read_request(channel_in))
    os.close(channel_in)
    _load_what_is_mentioned(request.source.replace(b"\0", b""))  # as in UTF-16
    try:
        ours = _ours(request)
    except _Unfit as unfit:
        os.write(channel_out, wire.frame(wire.FAULT, 0, wire.encode_fault(unfit.file, unfit.error)))
        return
    limits.forget_where_modules_are()
    limits.limit_resources(request.limits, request.limits.submission)
    limits.become(uid)
    limits.die_with_parent(parent)
    _serve(request, ours, channel_out)


class _Unfit(Exception):
    """A file of the instructor's cannot run here: not the student's fault."""

    def __init__(self, name: str, error: BaseException) -> None:
        super().__init__(name, error)
        self.file = f"{name}.py"
        self.error = error


@dataclass(frozen=True)
class _Ours:
    """What of the instructor's a request needs: forward functions to be differentiated, right functions in place of a
    student's, and training. Each has copies of the files to itself: what a student is lent in one leads to no other,
    nor does `import forward`."""

    forwards: Mapping[str, Any]
    given: Mapping[str, Callable[..., Any]]
    training: Training


def _ours(request: wire.Request) -> _Ours:
    has_slots = any(slot.kind == "function" for _, case in request.cases for slot in case.slots)
    has_runs = any(case.run is not None for _, case in request.cases)
    return _Ours(
        forwards=vars(_copy_of("forward", request)) if has_slots else {},
        given=_right_functions(request) if request.given else {},
        training=_training(request) if has_runs else NO_TRAINING,
    )


def _right_functions(request: wire.Request) -> dict[str, Callable[..., Any]]:
    operations = _operations(request.given, _copy_of("forward", request))
    return {operation.function: right_function(operation) for operation in operations.values()}


def _training(request: wire.Request) -> Training:
    forward = _copy_of("forward", request)
    sys.modules["forward"] = forward  # for a training.py that imports it; a student imports another one
    training = _copy_of("training", request)
    try:
        losses = {case.run.model: getattr(training, case.run.model).loss for _, case in request.cases if case.run}
    except AttributeError as error:
        raise _Unfit("training", error) from error
    return Training(losses, _operations(request.operations, forward))


def _operations(signatures: Sequence[wire.Signature], forward: types.ModuleType) -> dict[str, Operation]:
    try:
        return {one.forward: one.with_forward(getattr(forward, one.forward)) for one in signatures}
    except AttributeError as error:
        raise _Unfit("forward", error) from error


def _copy_of(name: str, request: wire.Request) -> types.ModuleType:
    """A public file of the assignment, run as a module that cannot be imported."""
    module = types.ModuleType(name)
    try:
        exec(compile(request.modules[name], f"{name}.py", "exec"), module.__dict__)
    except BaseException as error:
        raise _Unfit(name, error) from error
    return module


def _warm_up() -> None:
    """numpy imports some of its parts on first use; that has to happen while they can still be found."""
    for name in NEEDED_BY_THE_PARSER:
        importlib.import_module(name)
    matrix = np.array([[2.0, 1.0], [1.0, 3.0]])
    np.einsum("ij,jk->ik", matrix, matrix)
    np.linalg.norm(np.linalg.inv(matrix) @ matrix)
    repr(matrix.mean(axis=0))


def _load_what_is_mentioned(source: bytes) -> None:
    """Load each importable module whose name occurs anywhere in the bytes, and the codec of the coding line.

    Student bytes are only searched here, not parsed. What they do not mention would cost every submission its time.
    """
    for name in IMPORTABLE:
        if name.rpartition(".")[2].encode() in source:
            importlib.import_module(name)
    with contextlib.suppress(SyntaxError, LookupError, ValueError):
        codecs.lookup(tokenize.detect_encoding(io.BytesIO(source[:LONGEST_CODING_LINE]).readline)[0])
    np.__all__ = [name for name in np.__all__ if name in np.__dict__]  # `from numpy import *` finds no absent part


def _read_request(channel: int) -> bytes:
    kind, size = 0, wire.HEADER.size
    received = b""
    while len(received) < size:
        chunk = os.read(channel, size - len(received))
        if not chunk:
            os._exit(0)  # the grader is gone
        received += chunk
        if not kind and len(received) == wire.HEADER.size:
            _, kind, _, length = wire.HEADER.unpack(received)
            size += length
    return received[wire.HEADER.size :]


def _serve(request: wire.Request, ours: _Ours, channel: int) -> None:
    def send(kind: int, number: int, body: bytes) -> None:
        frame = wire.frame(kind, number, body)
        while frame:
            frame = frame[os.write(channel, frame) :]

    try:
        kept = extract(request.source, request.kind, request.functions, request.forwards)
    except UnreadableSource as error:
        send(wire.FINDINGS, 0, wire.encode_findings({}, [], error.note))
        return
    send(wire.FINDINGS, 0, wire.encode_findings(kept.written, kept.notes, None))
    _answer_when_asked_where(send)

    functions, notes = define(kept, request.functions, request.modules, ours.given)
    send(wire.LOADED, 0, wire.encode_loaded(wire.Loaded(frozenset(functions), tuple(notes))))
    functions.update(ours.given)
    for number, case in request.cases:
        function = function_of(case, functions, ours.training)
        if function is not None:
            send(wire.ANSWER, number, wire.encode_answer(answer_case(function, case, ours.forwards)))
    send(wire.DONE, 0, b"")


def _answer_when_asked_where(send: Callable[[int, int, bytes], None]) -> None:
    """From now on, the grader's signal is answered with the line that runs. It comes once, just before the end."""

    def answer(_signal: int, frame: types.FrameType | None) -> None:
        send(wire.WHEREABOUTS, 0, wire.encode_whereabouts(_student_line(frame)))

    if wire.ASK_WHERE is not None:
        signal.signal(wire.ASK_WHERE, answer)


def _student_line(frame: types.FrameType | None) -> dict[str, Any]:
    """The loop of the student's that runs; without one, the innermost line; nothing when all that runs is ours."""
    frames = []
    while frame is not None:
        name = dict.get(frame.f_globals, "__name__")  # their class may be one of the student's
        if type(name) is str and name == STUDENT_MODULE:
            frames.append(frame)
        frame = frame.f_back
    return stuck_facts(frames)


def define(
    kept: Extract, wanted: tuple[str, ...], modules: Mapping[str, bytes], given: Mapping[str, Callable[..., Any]]
) -> tuple[dict[str, Callable[..., Any]], list[Note]]:
    """Run the kept statements one by one; a failing one costs only the names that it would have bound.

    Then the `given` functions take the places of the student's, wherever these are called by their names.
    """
    student = types.ModuleType(STUDENT_MODULE)
    sys.modules[STUDENT_MODULE] = student
    for name, source in modules.items():
        sys.modules[name] = _Deferred(name, source)
    run = _Run(kept.statements, student)
    for number in range(len(kept.statements)):
        run.define(number)
    for name, right in given.items():
        student.__dict__[name] = _in_place_of(student.__dict__.get(name), right)
    notes = [*run.notes, *(run.raised(number, error) for number, (_, error) in run.waiting.items())]
    available = {
        name: student.__dict__[name]
        for name in wanted
        if kept.written[name].state == "written" and callable(student.__dict__.get(name))
    }
    return available, notes


def _in_place_of(theirs: object, right: Callable[..., Any]) -> Callable[..., Any]:
    """The right function, called with the student's names for its arguments."""
    try:
        signature = inspect.signature(theirs)  # type: ignore[arg-type]
    except Exception:  # not there, or no function
        return right

    def given(*values: Any, **named: Any) -> Any:
        bound = signature.bind(*values, **named)
        return right(*bound.args, *bound.kwargs.values())

    return given


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
        file = statement.cell.where or "<script>"
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
