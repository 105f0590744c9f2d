"""The arguments of a call as lines of Python: pasted into a cell, they make the very same arrays."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.records import Argument, Array, Case, Question, Slot

WIDTH = 56
"""Columns of a line, so that it fits beside an indent into a narrow terminal. A number is never broken."""

INDENT = "    "

SHORT = 9
"""Characters of a number that need not be shortened."""


def names_of(question: Question) -> tuple[str, ...]:
    """What the lines call the arguments of the student's function, in order."""
    return tuple(name.replace(".", "_") for name in question.arguments or question.receives)


def call_line(question: Question) -> str:
    """`multiply_backward(grad_out, a, b)`"""
    return f"{question.function}({', '.join(names_of(question))})"


def input_lines(question: Question, case: Case) -> list[str]:
    """The lines that make the arguments of the first call of the case. They need `np`, and, for a numeric gradient,
    the forward function that is differentiated."""
    lines: list[str] = []
    named: list[str] = []
    rest = list(case.calls[0].arguments)
    for name, slot in zip(names_of(question), case.slots):
        taken, rest = rest[: slot.size], rest[slot.size :]
        if slot.kind == "function":
            lines += _function_lines(name, case, slot, taken)
        elif slot.kind == "list":
            lines += [f"{name} = [", *_indented(_list_lines(taken, WIDTH - len(INDENT))), "]"]
        elif slot.kind == "shape":
            lines.append(f"{name} = {tuple(int(size) for size in taken[0].values)}")
        else:
            lines += _argument_lines(name, taken[0], named)
        named += [name] * slot.size
    return lines


def _function_lines(name: str, case: Case, slot: Slot, taken: Sequence[Argument]) -> Iterator[str]:
    """The weights, the other operands, and the function of x that is made of them."""
    others = [operand for place, operand in enumerate(case.key.operands) if place != slot.hole]
    for given, argument in zip(("w", *others), taken):
        yield from _argument_lines(given, argument, [])
    yield f"{name} = lambda x: float(np.sum(w * {slot.forward}({', '.join(case.key.operands)})))"


def _argument_lines(name: str, argument: Argument, named: Sequence[str]) -> list[str]:
    if argument.same_as is not None:
        return [f"{name} = {named[argument.same_as]}  # the same array"]
    first, *later = _array_lines(argument, WIDTH)
    return [f"{name} = {first}", *later, *_layout_lines(name, argument)]


def _list_lines(arguments: Sequence[Argument], room: int) -> Iterator[str]:
    for argument in arguments:
        lines = _array_lines(argument, room)
        yield from [*lines[:-1], f"{lines[-1]},"]


def _layout_lines(name: str, argument: Argument) -> Iterator[str]:
    """What gives an array that is there another memory layout."""
    axes = range(argument.values.ndim)
    if argument.layout == "F" and axes:
        yield f"{name} = np.asfortranarray({name})"
    elif argument.layout == "strided" and axes:
        repeated = "".join(f".repeat(2, axis={axis})" for axis in axes)
        yield f"{name} = {name}{repeated}[{', '.join(['::2' for _ in axes])}]"
    elif argument.layout == "repeated" and axes:
        yield f"{name} = np.broadcast_to({name}[:1], {name}.shape)"


def _array_lines(argument: Argument, room: int) -> list[str]:
    values = argument.values
    if argument.layout == "scalar":
        return [f"np.{values.dtype.name}({_number(values[()])})"]
    if not values.size:
        return [f"np.zeros({values.shape}{_dtype(values)})"]
    values, after = _shortened(values)
    line = f"np.array({_nested(values)}{_dtype(values)}){after}"
    if len(line) <= room - len("grad_out = ") or not values.ndim:
        return [line]
    return ["np.array([", *_indented(_row_lines(values, room - len(INDENT))), f"]{_dtype(values)}){after}"]


def _dtype(values: Array) -> str:
    """What says the dtype; True and False speak for themselves, and np.bool is not in every numpy."""
    return "" if values.dtype in (np.float64, np.bool_) else f", dtype=np.{values.dtype.name}"


def _shortened(values: Array) -> tuple[Array, str]:
    """The numbers with half as many digits where these are exact, and what makes doubles of them again.

    Numbers are drawn so that a float32 holds them.
    """
    if (
        not values.ndim
        or values.dtype != np.float64
        or all(len(repr(number)) <= SHORT for number in values.reshape(-1).tolist())
    ):
        return values, ""
    single = values.astype(np.float32)
    return (single, ".astype(float)") if np.array_equal(single, values) else (values, "")


def _row_lines(values: Array, room: int) -> Iterator[str]:
    """The rows of an array, each on lines of its own; or its numbers, as many as fit on each line."""
    if values.ndim == 1:
        yield from textwrap.wrap(", ".join(map(_number, values)) + ",", room)
    elif values.ndim == 2:
        for row in values:
            yield from textwrap.wrap(f"{_nested(row)},", room, subsequent_indent=" ")
    else:
        for matrix in values:
            yield from ["[", *_indented(_row_lines(matrix, room - len(INDENT))), "],"]


def _nested(values: Array) -> str:
    return f"[{', '.join(map(_nested, values))}]" if values.ndim else _number(values[()])


def _number(value: Any) -> str:
    """The shortest digits that give the same number back, in its own precision."""
    number = value.item()
    return repr(float(str(value))) if isinstance(number, float) else repr(number)


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (INDENT + line for line in lines)
