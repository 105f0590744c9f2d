"""What grader and worker say to each other: frames of a header and raw bytes. No pickle, no JSON, no `eval`.

A frame is `magic 4 | kind 1 | id 4 | length 4`, then a body of that length, little endian; see `packing`. Whoever
decodes trusts nothing: every length is bounded before it is believed, a body must be consumed exactly, and any surprise
is a ProtocolFault.
"""

from __future__ import annotations

import signal
import struct
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.answer import MOST_VALUES, most_entries, shapes_of_parameters
from autograder.errors import ProtocolFault
from autograder.learn import WRONG_GRADIENT
from autograder.places.lines import LONGEST_TEXT
from autograder.places.reasons import FACTS_OF_REASONS
from autograder.records import (
    Argument,
    Array,
    Call,
    Case,
    CaseAnswer,
    Forward,
    Limits,
    Note,
    Operation,
    Reply,
    Run,
    Slot,
    Value,
    Written,
)
from autograder.sandbox.journal import Shapes, shapes_of
from autograder.sandbox.packing import DTYPES, Reader, Writer

HEADER = struct.Struct("<4sBII")
MAGIC = b"bpg1"

SEALED, REQUEST, FINDINGS, LOADED, ANSWER, DONE, WHEREABOUTS, PROBE, PROBED = range(1, 10)

ASK_WHERE = signal.SIGUSR1 if sys.platform != "win32" else None
"""The signal that asks a worker for its WHEREABOUTS."""

JOURNAL = "journal"
"""Stands among the missing layers of a worker that could not map its journal: then all of its answers are frames."""

LAYOUTS = ("C", "F", "strided", "repeated", "scalar")
ARRAYS = ("fresh", "same", "updated")
SLOTS = ("array", "list", "shape", "function")
CONTAINERS = ("", "one", "tuple", "list", "dict")
STATES = (
    *("written", "stub", "missing", "broken", "lookalike"),
    *("inside-class", "inside-function", "inside-main", "under-magic", "in-text"),
)

MOST_NOTES = 200
MOST_FACTS = 24
LONGEST_SMALL_FRAME = 1 << 22
"""Bytes of a FINDINGS or LOADED frame: two hundred notes with all their facts fit, in any alphabet."""

LONGEST_WHEREABOUTS = 1 << 13
"""Bytes of a WHEREABOUTS frame: a place, in any alphabet."""

PLACE = frozenset({"where", "line", "code"})

EXPRESSION = frozenset({"expression", "start", "stop", "shapes"})
"""What a place may have with it, where Python tells the columns of what raised."""

FACTS: Mapping[str, frozenset[str]] = {
    "written": PLACE,
    "stub": PLACE,
    "missing": frozenset(),
    "broken": PLACE | {"text"},
    "lookalike": PLACE | {"found"},
    "inside-class": PLACE | {"within"},
    "inside-function": PLACE | {"within"},
    "inside-main": PLACE,
    "under-magic": PLACE | {"magic"},
    "in-text": PLACE,
    "raised": frozenset({"exception", "text"}),
    "time": frozenset(),
    "syntax-error": PLACE | {"text"},
    "statement-raised": PLACE | {"exception", "text", "module", "names"},
    "defined-twice": frozenset({"function", "times", "places"}),
    "complex-numbers": PLACE | {"function"},
    "calls-forward": PLACE | {"function", "forward"},
    "out-of-order": PLACE | {"name"},
    "invisible-characters": PLACE | {"character", "times"},
    "not-utf-8": frozenset({"reader", "encoding"}),
    "wrong-coding-line": frozenset({"declared", "encoding"}),
    "notebook-as-script": frozenset(),
    "script-as-notebook": frozenset(),
    "no-code": frozenset(),
    "other-assignment": frozenset({"names"}),
    "unsaved-function": frozenset({"names"}),
    "unsaved-edits": frozenset({"times"}),
    "empty": frozenset(),
    "only-null-bytes": frozenset(),
    "null-bytes": frozenset(),
    "is-zip": frozenset({"kind"}),
    "is-gzip": frozenset({"kind"}),
    "is-pdf": frozenset({"kind"}),
    "is-web-page": frozenset({"kind"}),
    "is-lfs-pointer": frozenset({"kind"}),
    "merge-conflict": frozenset(),
    "cut-off": frozenset(),
    "not-a-notebook": frozenset({"text"}),
    "notebook-too-deep": frozenset(),
    "notebook-format": frozenset({"version"}),
}
"""All that a worker may say in words, and the facts that each needs: a sentence never meets a fact that is missing."""

NOTES = FACTS.keys() - {*STATES, "raised", "time"}
"""What may be said of the whole file. The others are said of a function, whose name the sentence needs."""

REASONS_OF_RUNS: Mapping[str, frozenset[str]] = {**FACTS_OF_REASONS, WRONG_GRADIENT: frozenset()}
"""Why a training run may have ended early, and the facts that come along."""

WHOLE_NUMBERS = frozenset({"line", "start", "step", "stop", "times", "version"})
"""Facts that are whole numbers. All others are texts."""


@dataclass(frozen=True)
class Signature:
    """An `Operation` whose forward function is told by its name in forward.py: a worker has one of its own."""

    forward: str
    operands: tuple[str, ...]
    function: str
    receives: tuple[str, ...]
    gradients: tuple[str, ...]

    def with_forward(self, forward: Forward) -> Operation:
        return Operation(forward, self.operands, self.function, self.receives, self.gradients)


@dataclass(frozen=True, eq=False)
class Setting:
    """What a zygote is told of an assignment: the public files by import name, the limits of a worker, the operations
    that can be given or are trained with, and the models."""

    modules: Mapping[str, bytes]
    limits: Limits
    operations: tuple[Signature, ...]
    models: tuple[str, ...]


@dataclass(frozen=True)
class Request:
    """All that a worker is told: one submission, the functions to define, and the numbers of the cases to put to them.

    `forwards` are the names of the functions' forward functions, `given` the functions that are replaced by right
    ones, and `required` the layers without which the worker does not look at the submission.
    """

    kind: str
    source: bytes
    functions: tuple[str, ...]
    forwards: tuple[str, ...]
    cases: tuple[int, ...]
    given: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """What became of the kept statements: which functions can be called, and what went wrong on the way."""

    defined: frozenset[str]
    notes: tuple[Note, ...]


def frame(kind: int, number: int, body: bytes) -> bytes:
    return HEADER.pack(MAGIC, kind, number, len(body)) + body


# ---- what a zygote is told ---------------------------------------------------------------------------------


def encode_setting(setting: Setting) -> bytes:
    out = Writer()
    out.u32(len(setting.modules))
    for name, source in setting.modules.items():
        out.text(name)
        out.blob(source)
    limits = setting.limits
    out.f8(limits.load)
    out.f8(limits.submission)
    out.u32(limits.memory)
    out.u32(len(setting.operations))
    for signature in setting.operations:
        _write_signature(out, signature)
    out.texts(setting.models)
    return bytes(out.data)


def decode_setting(body: bytes) -> Setting:
    read = Reader(body)
    modules = {read.text(): read.blob(len(body)) for _ in range(read.u32())}
    limits = Limits(load=read.f8(), submission=read.f8(), memory=read.u32())
    operations = tuple(_read_signature(read) for _ in range(read.u32()))
    setting = Setting(modules, limits, operations, read.texts())
    read.done()
    return setting


def encode_deck(cases: Sequence[Case]) -> bytes:
    """All cases, and for each call the shapes of what a right function returns. No answer, and no seed."""
    out = Writer()
    out.u32(len(cases))
    for case in cases:
        _write_case(out, case)
    return bytes(out.data)


def decode_deck(body: bytes) -> tuple[tuple[Case, ...], tuple[tuple[Shapes, ...], ...]]:
    """The cases again, as a worker knows them, and the shapes of what their calls return. Operands and the reference's
    upstream are not in it."""
    read = Reader(body)
    cases, shapes = [], []
    for _ in range(read.u32()):
        case, returned = _read_case(read)
        cases.append(case)
        shapes.append(returned)
    read.done()
    return tuple(cases), tuple(shapes)


# ---- request -----------------------------------------------------------------------------------------------


def encode_request(request: Request) -> bytes:
    out = Writer()
    out.text(request.kind)
    out.blob(request.source)
    for names in (request.functions, request.forwards, request.given, request.required):
        out.texts(names)
    out.u32s(request.cases)
    return bytes(out.data)


def decode_request(body: bytes) -> Request:
    read = Reader(body)
    kind, source = read.text(), read.blob(len(body))
    functions, forwards, given, required = read.texts(), read.texts(), read.texts(), read.texts()
    cases = read.u32s()
    read.done()
    return Request(kind, source, functions, forwards, cases, given, required)


def _write_signature(out: Writer, signature: Signature) -> None:
    out.text(signature.forward)
    out.texts(signature.operands)
    out.text(signature.function)
    out.texts(signature.receives)
    out.texts(signature.gradients)


def _read_signature(read: Reader) -> Signature:
    return Signature(read.text(), read.texts(), read.text(), read.texts(), read.texts())


def _write_case(out: Writer, case: Case) -> None:
    out.text(case.function)
    out.u8(255 if case.kept_after is None else case.kept_after)
    out.u8(len(case.slots))
    for slot in case.slots:
        out.u8(SLOTS.index(slot.kind))
        out.u8(slot.size)
        out.text(slot.forward)
        out.u8(slot.hole)
    out.u8(len(case.calls))
    for call, shapes in zip(case.calls, shapes_of(case)):
        out.u8(len(shapes))
        for shape in shapes:
            out.dims(shape)
        out.u8(ARRAYS.index(call.arrays))
        out.u8(len(call.arguments))
        for argument in call.arguments:
            out.u8(LAYOUTS.index(argument.layout))
            out.u8(255 if argument.same_as is None else argument.same_as)
            out.array(argument.values)
    out.u8(0 if case.run is None else 1)
    if case.run is not None:
        _write_run(out, case.run)


def _write_run(out: Writer, run: Run) -> None:
    out.text(run.model)
    out.texts(run.constants)
    out.texts(run.parameters)
    out.f8(run.lr)
    out.u32(run.steps)
    out.texts(run.needs)


def _read_run(read: Reader) -> Run:
    return Run(read.text(), read.texts(), read.texts(), read.f8(), read.u32(), read.texts())


def _read_case(read: Reader) -> tuple[Case, tuple[Shapes, ...]]:
    function, kept_after = read.text(), read.u8()
    slots = tuple(Slot(SLOTS[read.u8()], read.u8(), read.text(), read.u8()) for _ in range(read.u8()))
    calls, returned = [], []
    for _ in range(read.u8()):
        returned.append(tuple(read.dims() for _ in range(read.u8())))
        arrays = ARRAYS[read.u8()]
        arguments = []
        for _ in range(read.u8()):
            layout, same_as = LAYOUTS[read.u8()], read.u8()
            arguments.append(Argument(read.array(1 << 28), layout, None if same_as == 255 else same_as))
        calls.append(Call(tuple(arguments), (), np.zeros(0), arrays))
    kept = None if kept_after == 255 else kept_after
    run = _read_run(read) if read.u8(at_most=1) else None
    return Case("", function, "", "", tuple(calls), slots, kept_after=kept, run=run), tuple(returned)


# ---- walls -------------------------------------------------------------------------------------------------


def encode_sealed(missing: Mapping[str, str]) -> bytes:
    """The layers that did not take hold, and why. Said before any student's code is looked at."""
    return _encode_pairs(missing)


def decode_sealed(body: bytes) -> dict[str, str]:
    return _decode_pairs(body)


def encode_probe(probe: Mapping[str, str]) -> bytes:
    """What a probe is to try itself on: canaries, and the grader."""
    return _encode_pairs(probe)


def decode_probe(body: bytes) -> dict[str, str]:
    return _decode_pairs(body)


def encode_probed(passed: Mapping[str, str]) -> bytes:
    """What a probe tried, and what came of it: nothing where it was refused."""
    return _encode_pairs(passed)


def decode_probed(body: bytes) -> dict[str, str]:
    return _decode_pairs(body)


def _encode_pairs(pairs: Mapping[str, str]) -> bytes:
    out = Writer()
    out.u8(len(pairs))
    for name, text in pairs.items():
        out.text(name)
        out.text(text)
    return bytes(out.data)


def _decode_pairs(body: bytes) -> dict[str, str]:
    read = Reader(body)
    pairs = {read.text(): read.text() for _ in range(read.u8())}
    read.done()
    return pairs


# ---- findings and loading ----------------------------------------------------------------------------------


def encode_findings(written: Mapping[str, Written], notes: Sequence[Note], unreadable: Note | None) -> bytes:
    out = Writer()
    out.u8(0 if unreadable is None else 1)
    _write_notes(out, notes if unreadable is None else [unreadable])
    out.u32(len(written))
    for function, what in written.items():
        out.text(function)
        out.u8(STATES.index(what.state))
        _write_facts(out, what.facts)
        out.texts(what.calls)
    return bytes(out.data)


def decode_findings(
    body: bytes, functions: Sequence[str]
) -> tuple[Mapping[str, Written], tuple[Note, ...], Note | None]:
    read = Reader(body)
    is_unreadable = read.u8(at_most=1) == 1
    notes = _read_notes(read)
    written = {}
    for _ in range(read.u32(at_most=len(functions))):
        name, state = read.text(), read.u8(at_most=len(STATES) - 1)
        if name not in functions:
            raise ProtocolFault(f"findings about {name!r}, which is not graded")
        written[name] = Written(STATES[state], _read_facts(read, STATES[state]), read.texts())
        if not set(written[name].calls) <= set(functions):
            raise ProtocolFault(f"{name} calls {written[name].calls}")
    read.done()
    if is_unreadable:
        if len(notes) != 1:
            raise ProtocolFault("unreadable without one reason")
        return {}, (), notes[0]
    if set(written) != set(functions):
        raise ProtocolFault("findings that leave a function out")
    return written, notes, None


def encode_loaded(loaded: Loaded) -> bytes:
    out = Writer()
    out.texts(sorted(loaded.defined))
    _write_notes(out, loaded.notes)
    return bytes(out.data)


def decode_loaded(body: bytes, functions: Sequence[str]) -> Loaded:
    read = Reader(body)
    loaded = Loaded(frozenset(read.texts()), _read_notes(read))
    read.done()
    if not loaded.defined <= set(functions):
        raise ProtocolFault("a function is defined that is not graded")
    return loaded


def _write_notes(out: Writer, notes: Sequence[Note]) -> None:
    out.u32(min(len(notes), MOST_NOTES))
    for note in notes[:MOST_NOTES]:
        out.text(note.fault)
        _write_facts(out, note.facts)


def _read_notes(read: Reader) -> tuple[Note, ...]:
    notes = []
    for _ in range(read.u32(at_most=MOST_NOTES)):
        fault = read.text()
        if fault not in NOTES:
            raise ProtocolFault(f"a note about {fault!r}")
        notes.append(Note(fault, _read_facts(read, fault)))
    return tuple(notes)


def _write_facts(out: Writer, facts: Mapping[str, Any]) -> None:
    out.u8(len(facts))
    for name, value in facts.items():
        out.text(name)
        if isinstance(value, int):
            out.u8(1)
            out.f8(float(value))
        else:
            out.u8(0)
            out.text(str(value))


def _read_facts(read: Reader, fault: str) -> dict[str, Any]:
    """The facts of a fault: all of them, and perhaps a place; of an exception also an expression, a reason."""
    facts = _read_any_facts(read)
    expected = FACTS[fault]
    if fault == "raised":
        expected |= _more_of_exception(facts, FACTS_OF_REASONS)
    return _exactly(expected, facts, fault)


def _read_facts_of_run(read: Reader, run: Run) -> dict[str, Any]:
    """The facts of what was raised in a training run: those of an exception, and in which function and step."""
    facts = _read_any_facts(read)
    expected = FACTS["raised"] | _more_of_exception(facts, REASONS_OF_RUNS) | {"function", "step"}
    if facts.get("function") not in (run.function, *run.needs):
        raise ProtocolFault(f"a training run that ended in {facts.get('function')!r}")
    return _exactly(expected, facts, run.function)


def _read_any_facts(read: Reader) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for _ in range(read.u8(at_most=MOST_FACTS)):
        name = read.text()
        is_number = read.u8(at_most=1) == 1
        if is_number != (name in WHOLE_NUMBERS):
            raise ProtocolFault(f"the fact {name!r} as something that it never is")
        facts[name] = _read_whole_number(read) if is_number else read.text()
    return facts


def _exactly(expected: frozenset[str], facts: dict[str, Any], fault: str) -> dict[str, Any]:
    if facts.keys() not in (expected, expected | PLACE):
        raise ProtocolFault(f"{fault} with the facts {sorted(facts)}")
    return facts


def _more_of_exception(facts: Mapping[str, Any], reasons: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The facts that come along with a reason, and with an expression, where an exception has these."""
    more: frozenset[str] = frozenset()
    if "reason" in facts:
        if facts["reason"] not in reasons:
            raise ProtocolFault(f"an exception because of {facts['reason']!r}")
        more |= reasons[facts["reason"]] | {"reason"}
    if facts.keys() >= EXPRESSION | PLACE:
        if not 0 <= facts["start"] < facts["stop"] <= LONGEST_TEXT:
            raise ProtocolFault(f"columns {facts['start']} to {facts['stop']}")
        more |= EXPRESSION
    return more


def _read_whole_number(read: Reader) -> int:
    number = read.f8()
    if not (abs(number) < 1e9 and number == int(number)):
        raise ProtocolFault("a fact that is no whole number")
    return int(number)


# ---- where a worker is -------------------------------------------------------------------------------------


def encode_whereabouts(place: Mapping[str, Any]) -> bytes:
    """The line of the student's code that is running: the facts of a place, or none when it is ours."""
    out = Writer()
    _write_facts(out, place)
    return bytes(out.data)


def decode_whereabouts(body: bytes) -> dict[str, Any]:
    read = Reader(body)
    place = _read_facts(read, "time")
    read.done()
    if place and place["line"] < 1:
        raise ProtocolFault(f"line {place['line']}")
    return place


# ---- answers -----------------------------------------------------------------------------------------------


def encode_answer(answer: CaseAnswer) -> bytes:
    out = Writer()
    out.text(answer.stopped)
    out.u8(len(answer.replies))
    for reply in answer.replies:
        _write_reply(out, reply)
    for held in answer.arguments:
        out.u8(0 if held is None else 1)
        out.blob(held or b"")
    out.u8(0 if answer.kept is None else 1)
    if answer.kept is not None:
        _write_reply(out, answer.kept)
    return bytes(out.data)


def decode_answer(body: bytes, case: Case) -> CaseAnswer:
    """The answer to `case`. Raises ProtocolFault on everything that an honest worker would not send."""
    read = Reader(body)
    stopped = read.text()
    if stopped not in ("", "memory"):
        raise ProtocolFault(f"stopped by {stopped!r}")
    count = read.u8(at_most=len(case.calls))
    if not stopped and count != len(case.calls):
        raise ProtocolFault(f"{count} replies to {len(case.calls)} calls")
    replies = tuple(_read_reply_to(read, case) for _ in range(count))
    arguments: list[bytes | None] = []
    for call in case.calls[:count]:
        size = sum(argument.values.nbytes for argument in call.arguments)
        is_whole, held = read.u8(at_most=1), read.blob(size)
        if is_whole and len(held) != size:
            raise ProtocolFault(f"{len(held)} bytes of arguments that have {size}")
        arguments.append(held if is_whole else None)
    kept = _read_reply_to(read, case) if read.u8(at_most=1) else None
    read.done()
    return CaseAnswer(replies, tuple(arguments), kept, stopped)


def longest_answer(case: Case) -> int:
    """Bytes that an honest answer to `case` cannot exceed."""
    argument_bytes = sum(argument.values.nbytes + 16 for call in case.calls for argument in call.arguments)
    most_values = 4 if case.run is None else len(case.run.parameters)
    values = 8 * most_entries(case) * most_values + MOST_VALUES * (8 * 64 + LONGEST_TEXT)
    return 4096 + argument_bytes + (len(case.calls) + 1) * values


def longest_conversation(longest_answers: Iterable[int]) -> int:
    """Bytes that everything an honest worker says cannot exceed, about cases whose answers are so long at most."""
    answers = sum(HEADER.size + longest for longest in longest_answers)
    return 3 * (HEADER.size + LONGEST_SMALL_FRAME) + answers + HEADER.size


def most_frames(cases: Sequence[Case]) -> int:
    """Frames that everything an honest worker says about `cases` cannot exceed: three before it answers, and an end."""
    return 3 + len(cases) + 1


def _write_reply(out: Writer, reply: Reply) -> None:
    out.u8(0 if reply.raised is None else 1)
    if reply.raised is not None:
        _write_facts(out, reply.raised)
        if not reply.container:  # a training run has both: what it has recorded, and what ended it
            return
    out.u8(CONTAINERS.index(reply.container))
    out.u8(len(reply.values))
    for value in reply.values:
        out.u8(0 if value.data is None else 1)
        if value.data is not None:
            out.array(value.data)
        else:
            out.text(value.kind)
            out.dims(value.shape)


def _read_reply_to(read: Reader, case: Case) -> Reply:
    if case.run is not None:
        return _read_reply_of_run(read, case, case.run)
    if read.u8(at_most=1):
        return Reply(raised=_read_facts(read, "raised"))
    return _read_values(read, most_entries(case))


def _read_reply_of_run(read: Reader, case: Case, run: Run) -> Reply:
    """The parameters at the start and after each step, and perhaps what was raised in the next one."""
    raised = _read_facts_of_run(read, run) if read.u8(at_most=1) else None
    reply = _read_values(read, most_entries(case))
    arrays = [value.data for value in reply.values if value.data is not None]
    rows = arrays[0].shape[:1] if arrays else ()
    if arrays and not rows:
        raise ProtocolFault("a training run that gave a number in place of rows")
    if reply.container != "list" or len(arrays) != len(reply.values):
        raise ProtocolFault("a training run that gave something else than a list of arrays")
    if [array.shape for array in arrays] != [(*rows, *shape) for shape in shapes_of_parameters(case)]:
        raise ProtocolFault(f"a training run that gave arrays of the shapes {[array.shape for array in arrays]}")
    if not _may_end(run, sum(rows), raised, arrays):
        raise ProtocolFault(f"a training run that ended after {sum(rows)} of {run.steps + 1} rows")
    return replace(reply, raised=raised)


def _may_end(run: Run, rows: int, raised: Mapping[str, Any] | None, arrays: Sequence[Array]) -> bool:
    """Whether an honest run may end after so many rows: all of them; or in the next step, which raised; or because the
    last one is not finite."""
    if raised is not None:
        return rows == raised["step"] and 1 <= rows <= run.steps
    is_finite = all(np.isfinite(array[-1:]).all() for array in arrays)
    return rows == run.steps + 1 or (1 <= rows <= run.steps and not is_finite)


def _read_values(read: Reader, largest: int) -> Reply:
    container = CONTAINERS[read.u8(at_most=len(CONTAINERS) - 1)]
    values = []
    for _ in range(read.u8(at_most=MOST_VALUES)):
        if read.u8(at_most=1):
            data = read.array(largest)
            if data.dtype != DTYPES[0]:
                raise ProtocolFault("a gradient that is not float64")
            values.append(Value("array", data.shape, data))
        else:
            values.append(Value(read.text(), read.dims()))
    return Reply(container, tuple(values))
