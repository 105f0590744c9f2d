"""What a process that holds the student's functions does with a deck: call, train, and write down what came back.

The same lines run in the sandboxed worker and in the student's own notebook. Nothing here knows a right answer.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, islice
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from autograder.learn import RunEnded, Training, learn, training_of
from autograder.places.exceptions import exception_facts
from autograder.places.lines import LONGEST_TEXT
from autograder.records import (
    Answers,
    Argument,
    Array,
    Assignment,
    Call,
    Case,
    CaseAnswer,
    Deck,
    Forward,
    Reply,
    Slot,
    Value,
    Written,
)

MOST_VALUES = 64
"""A container with more values than this is described without them."""

MOST_DIMENSIONS = 8

_FLOAT64 = np.dtype(np.float64)
"""What nearly all arrays share. Another object may be the same dtype, and takes the longer way."""


def answer(functions: Mapping[str, Callable[..., Any]], deck: Deck, assignment: Assignment) -> Answers:
    """The answers of `functions`, which map names such as "add_backward" to callables. Runs in this process.

    Of the assignment, the public parts are used: the forward functions, and the losses of the models.
    """
    training = training_of(assignment)
    asked = {case.function: case for case in deck.cases}
    written = {function: _written(case, functions) for function, case in asked.items()}
    called = [function_of(case, functions, training) for case in deck.cases]
    return Answers(
        written=dict(sorted(written.items())),
        notes=(),
        cases=tuple(_answers(called, deck.cases, assignment.forwards)),
        alone=frozenset(written),
    )


def _answers(
    called: Sequence[Callable[..., Any] | None], cases: Sequence[Case], forwards: Mapping[str, Forward]
) -> Iterator[CaseAnswer | None]:
    for _, pairs in groupby(zip(called, cases), key=lambda pair: pair[1].function):
        with quiet():
            yield from [function and answer_case(function, case, forwards) for function, case in pairs]


def _written(case: Case, functions: Mapping[str, Callable[..., Any]]) -> Written:
    missing = [name for name in needs_of(case) if name not in functions]
    if case.run is not None:
        return written_run(missing)
    return Written("missing" if missing else "written")


def written_run(missing: Sequence[str]) -> Written:
    """What is said of a training run of whose functions these cannot be called."""
    return Written("needs", {"names": ", ".join(missing)}) if missing else Written("written")


def needs_of(case: Case) -> tuple[str, ...]:
    """The student's functions that are called in a case: one, or those of a training run."""
    return (case.function,) if case.run is None else case.run.needs


def function_of(
    case: Case, functions: Mapping[str, Callable[..., Any]], training: Training
) -> Callable[..., Any] | None:
    """What is called with the arguments of a case, or None where a function of the student's is not there."""
    if case.run is None:
        return functions.get(case.function)
    if not all(name in functions for name in case.run.needs):
        return None
    needed = {name: functions[name] for name in case.run.needs}
    return partial(learn, training.losses[case.run.model], training.operations, needed, case.run)


@contextmanager
def quiet() -> Iterator[None]:
    """A warning is not a failure. Whatever a function makes of warnings in here, afterwards they are as before."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def answer_case(function: Callable[..., Any], case: Case, forwards: Mapping[str, Forward]) -> CaseAnswer:
    """Make the calls of one case, in order. To be called in `quiet`."""
    plan = plan_of(case)
    replies: list[Reply] = []
    argument_bytes: list[bytes | None] = []
    first_arrays: list[Any] = []
    first_result: Any = None
    kept: Reply | None = None

    for index, planned in enumerate(plan.calls):
        arrays = _arrays(planned, first_arrays)
        arguments = arrays if plan.is_plain else _put_together(arrays, case.slots, forwards)
        result: Any = None
        try:
            result = function(*arguments)
            # Described at once, as a copy: the object itself may be a buffer that the next call overwrites.
            # And in here, because the object may be of a class of the student's, and raise when it is looked at.
            reply = _describe(result, plan.largest)
        except MemoryError:
            return CaseAnswer(stopped="memory")
        except RunEnded as ended:
            reply = replace(_describe(ended.recorded, plan.largest), raised=ended.facts)
        except BaseException as error:  # a student's `sys.exit()` or bare `raise` is an answer like any other
            reply = Reply(raised=exception_facts(error, function, len(arguments)))
        replies.append(reply)
        held = arrays if plan.is_plain else _taken_apart(arguments, arrays, case.slots)
        argument_bytes.append(_bytes_after(held, planned))
        if index == 0:
            first_arrays, first_result = arrays, result
        if index == case.kept_after and replies[0].raised is None:
            kept = _describe(first_result, plan.largest)
    return CaseAnswer(tuple(replies), tuple(argument_bytes), kept)


# ---- what can be worked out before a function is called ----------------------------------------------------


Before = tuple[type[Any], tuple[int, ...], np.dtype[Any], bytes]
"""The class, shape, dtype and bytes of an argument that nobody has touched."""


@dataclass(frozen=True, eq=False)
class PlannedCall:
    """A call, the `makers` of its arguments, and what they are `before` the call; `argument_bytes` are those of all.

    `repeated` are the places of arguments that are the same object as an earlier one, and its place.
    """

    call: Call
    makers: tuple[Callable[[], Any], ...]
    repeated: tuple[tuple[int, int], ...]
    before: tuple[Before, ...]
    argument_bytes: bytes


@dataclass(frozen=True, eq=False)
class Plan:
    """What a case is called with. It is plain if each argument is one array."""

    largest: int
    is_plain: bool
    calls: tuple[PlannedCall, ...]


_PLANS: WeakKeyDictionary[Case, Plan] = WeakKeyDictionary()


def plan_of(case: Case) -> Plan:
    """The plan of a case. Worked out once: a worker is forked with all that it will need."""
    plan = _PLANS.get(case)
    if plan is None:
        is_plain = all(slot.kind == "array" for slot in case.slots)
        plan = _PLANS[case] = Plan(most_entries(case), is_plain, tuple(map(_planned, case.calls)))
    return plan


def _planned(call: Call) -> PlannedCall:
    arguments = call.arguments
    repeated = tuple((place, one.same_as) for place, one in enumerate(arguments) if one.same_as is not None)
    before = tuple(map(_before, arguments))
    return PlannedCall(call, tuple(map(_maker, arguments)), repeated, before, b"".join(data for *_, data in before))


def _before(argument: Argument) -> Before:
    values = argument.values
    kind = values.dtype.type if argument.layout == "scalar" else np.ndarray
    return kind, values.shape, values.dtype, values.tobytes()


def _maker(argument: Argument) -> Callable[[], Any]:
    """What makes an argument anew, as `lay_out` does, without a look at it: that is done for each submission."""
    values = np.asarray(argument.values)  # a number without dimensions may be no array yet
    if argument.layout == "C":
        return values.copy
    if argument.layout == "F":
        return partial(values.copy, "F")
    if argument.layout == "scalar":
        make: Callable[..., Any] = values.dtype.type
        return partial(make, values[()])
    return partial(lay_out, argument)


def most_entries(case: Case) -> int:
    """The largest array that is written down with its numbers: generous, so that a wrong shape can be explained.

    Of a training run exactly what comes back, whose shape only we have chosen.
    """
    if case.run is not None:
        return (case.run.steps + 1) * max((entries(shape) for shape in shapes_of_parameters(case)), default=1)
    sizes = [argument.values.size for call in case.calls for argument in call.arguments]
    return 4 * max(sizes, default=1) + 64


def shapes_of_parameters(case: Case) -> list[tuple[int, ...]]:
    """The shapes of the parameters that a training run starts with, in their order."""
    constants, parameters = case.slots
    return [argument.values.shape for argument in case.calls[0].arguments[constants.size :][: parameters.size]]


def entries(shape: Sequence[int]) -> int:
    """Entries of an array, an empty axis counted as one: (0, 10**9) holds no number and is large all the same."""
    return math.prod(size or 1 for size in shape)


# ---- arguments ---------------------------------------------------------------------------------------------


def _arrays(planned: PlannedCall, first_arrays: Sequence[Any]) -> list[Any]:
    call = planned.call
    if call.arrays == "same":
        return list(first_arrays)
    if call.arrays == "updated":
        return [_update(array, argument) for array, argument in zip(first_arrays, call.arguments)]
    arrays = [make() for make in planned.makers]
    for place, earlier in planned.repeated:
        arrays[place] = arrays[earlier]
    return arrays


def _put_together(arrays: Sequence[Any], slots: Sequence[Slot], forwards: Mapping[str, Forward]) -> list[Any]:
    """The arguments of the student's function, made from the arrays of a call."""
    arguments: list[Any] = []
    start = 0
    for slot in slots:
        taken = list(arrays[start : start + slot.size])
        start += slot.size
        if slot.kind == "list":
            arguments.append(taken)
        elif slot.kind == "shape":
            arguments.append(tuple(taken[0].tolist()))
        elif slot.kind == "function":
            arguments.append(scalar_function(forwards[slot.forward], taken[0], taken[1:], slot.hole))
        else:
            arguments.append(taken[0])
    return arguments


def scalar_function(forward: Forward, weights: Array, others: Sequence[Array], hole: int) -> Callable[[Any], float]:
    """`f(x) = sum(weights * forward(..., x, ...))`, with x among the other operands at the place `hole`."""

    before, after = others[:hole], others[hole:]

    def f(x: Any) -> float:
        return float(np.add.reduce(weights * forward(*before, np.asarray(x), *after), axis=None))

    return f


def _taken_apart(arguments: Sequence[Any], arrays: Sequence[Any], slots: Sequence[Slot]) -> list[Any]:
    """The arrays of a call again, where lists hold what the student's function has left in them."""
    apart: list[Any] = []
    for argument, slot in zip(arguments, slots):
        own = arrays[len(apart) : len(apart) + slot.size]
        apart += (argument if len(argument) == slot.size else [None] * slot.size) if slot.kind == "list" else own
    return apart


def _update(array: Any, argument: Argument) -> Any:
    if argument.layout == "scalar":
        return lay_out(argument)
    if isinstance(array, np.ndarray) and array.shape == argument.values.shape and array.flags.writeable:
        array[...] = argument.values
        return array
    return lay_out(argument)  # the student reshaped or locked it; that is charged to the call that did


def lay_out(argument: Argument) -> Any:
    """The argument's values in an array of their own, in the wanted memory layout."""
    values = argument.values
    if argument.layout == "scalar":
        return values.dtype.type(values[()])
    if argument.layout == "F":
        return np.array(values, order="F")
    if argument.layout == "repeated" and values.ndim:
        return np.broadcast_to(np.array(values[:1]), values.shape)
    if argument.layout == "strided" and values.ndim:
        larger = np.full([2 * size for size in values.shape], 7, dtype=values.dtype)
        every_second = larger[tuple(slice(None, None, 2) for _ in values.shape)]
        every_second[...] = values
        return every_second
    return np.array(values, order="C")


def _bytes_after(arrays: Sequence[Any], planned: PlannedCall) -> bytes | None:
    """The bytes of all arguments, one after the other; None when one lost its shape or its dtype."""
    for array, (kind, shape, dtype, data) in zip(arrays, planned.before):
        if type(array) is not kind or array.shape != shape or array.dtype != dtype or array.tobytes() != data:
            return _bytes_of_others(arrays, planned)
    return planned.argument_bytes


def _bytes_of_others(arrays: Sequence[Any], planned: PlannedCall) -> bytes | None:
    """The same of arguments that were changed, or replaced in their list by anything at all."""
    parts = []
    for array, (_, shape, dtype, _) in zip(arrays, planned.before):
        if getattr(array, "shape", None) != shape or getattr(array, "dtype", None) != dtype:
            return None
        parts.append(np.asarray(array).tobytes())
    return b"".join(parts)


# ---- results -----------------------------------------------------------------------------------------------


def _describe(result: Any, largest: int) -> Reply:
    if isinstance(result, (tuple, list)):
        container = "tuple" if isinstance(result, tuple) else "list"
        values = list(islice(result, MOST_VALUES + 1))  # not by its length, which may be a lie
        if len(values) > MOST_VALUES:
            return Reply(container)
        return Reply(container, tuple([_value(value, largest) for value in values]))
    if isinstance(result, dict):
        return Reply("dict")
    return Reply("one", (_value(result, largest),))


def _value(value: Any, largest: int) -> Value:
    if type(value) is np.ndarray and value.dtype is _FLOAT64:  # as nearly all are
        shape = value.shape
        if 0 < value.size <= largest and len(shape) <= MOST_DIMENSIONS:
            return Value("array", shape, value.copy())
    if not isinstance(value, (np.ndarray, np.generic, int, float, complex, list, tuple)):
        return Value("None" if value is None else type(value).__name__[:LONGEST_TEXT])
    try:
        array: Array = np.asarray(value)  # no copy yet: a broadcast number may claim a billion entries
    except (ValueError, TypeError, OverflowError):  # rows of different lengths
        return Value("ragged " + type(value).__name__)
    if array.dtype.kind == "c":
        return Value("complex", array.shape[:MOST_DIMENSIONS])
    if array.dtype.kind not in "biuf":
        return Value("None" if value is None else f"{array.dtype.name} {type(value).__name__}")
    if entries(array.shape) > largest or array.ndim > MOST_DIMENSIONS:
        return Value("array", array.shape[:MOST_DIMENSIONS])
    return Value("array", array.shape, np.array(array, dtype=np.float64, order="C"))
