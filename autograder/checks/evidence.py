"""The evidence for a fault: the case that teaches most, its numbers, where they are wrong, and what made the first one.

Looked for only in the one case of a family that is told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks.axes import axes_pattern, stretched_axes, summed_up
from autograder.checks.forwards import flat_forward
from autograder.checks.paste import call_line, input_lines, names_of
from autograder.checks.patterns import Sight, Size, factor_of, pattern_of
from autograder.checks.reference import Output
from autograder.derivative import jvp
from autograder.records import Array, Case, Forward, Question, Value

READABLE = range(3, 25)
"""How many numbers a result has in which something is to be seen, and each can be looked at."""

MOST_NUMBERS = 64
"""Entries of an array that are given as evidence."""

MOST_INPUTS = 120
"""Entries of all arguments that are given as lines to paste."""

LONGEST_PART = 6
"""Entries of an argument that are named when they make one entry of the result."""

TOUCHED = 1e-9
"""A derivative that changes by less than this has not changed: rounding does so much."""


@dataclass(frozen=True, eq=False)
class Miss:
    """One output that is not right: what was expected and what came back, as far as the two were compared.

    `wrong` says which of these numbers are, and a right one is at most `near` off. Where a shape is wrong, no numbers
    could be compared: `got` is then all NaN, and all of it wrong.
    """

    output: Output
    value: Value
    expected: Array
    got: Array
    wrong: Array
    near: float


def how_telling(case: Case, miss: Miss | None) -> tuple[bool, bool, int]:
    """The smaller, the more a student learns from the case: first, whether several numbers can be seen, and few enough
    to look at each; then, whether there is nothing special about it; then, how few numbers the arguments have.

    In one or two numbers all mistakes look alike. A wrong shape tells little where only an axis of length 1 is too many
    or gone, and where two axes are equally long.
    """
    sizes = [argument.values.size for argument in case.calls[0].arguments]
    numbers = max(sizes, default=0) if miss is None else math.prod(miss.output.shape)
    return numbers not in READABLE or _hides_axes(miss), not case.is_plain, sum(sizes)


def _hides_axes(miss: Miss | None) -> bool:
    if miss is None or miss.value.shape == miss.output.shape:
        return False
    got, expected = ([size for size in shape if size != 1] for shape in (miss.value.shape, miss.output.shape))
    return got == expected or any(len(set(sizes)) < len(sizes) for sizes in (got, expected))


def evidence_of(
    question: Question, forwards: Mapping[str, Forward], case: Case, told: Miss, others: Sequence[tuple[Case, Miss]]
) -> dict[str, Any]:
    """The facts beside the sentence. `others` are the other failing cases of the family with the same fault."""
    facts: dict[str, Any] = {"call": call_line(question)}
    if sum(argument.values.size for argument in case.calls[0].arguments) <= MOST_INPUTS:
        facts["inputs"] = input_lines(question, case)
    if told.value.shape != told.output.shape:
        return {**facts, **_arrays_of(told), **_shape_facts(told)}
    peers = [(one, miss) for one, miss in others if _operand(miss) == _operand(told)]
    sights = [_sight(question, one, miss) for one, miss in peers]
    sight = _sight(question, case, told)
    facts |= factor_of(sight, sights) or pattern_of(sight, sights)
    behind = _behind(question, forwards, case, told)
    return {**facts, **_arrays_of(told), **_wrong_entries(told), **({"at": behind} if behind else {})}


def _operand(miss: Miss) -> str:
    """The operand that a gradient belongs to; the members of a list are one."""
    return miss.output.operand.partition("[")[0]


# ---- arrays ------------------------------------------------------------------------------------------------


def _arrays_of(told: Miss) -> dict[str, Any]:
    """What was expected and what came back, as nested lists, where they are small enough."""
    facts: dict[str, Any] = {}
    if told.output.entries is None and told.expected.size <= MOST_NUMBERS:
        facts["expected_array"] = as_list(told.expected.reshape(told.output.shape))
    if told.value.data is not None and told.value.data.size <= MOST_NUMBERS:
        facts["got_array"] = as_list(told.value.data)
    return facts


def _wrong_entries(told: Miss) -> dict[str, Any]:
    """The wrong entries, counted row by row, where not all are wrong."""
    if told.output.entries is not None or told.wrong.size > MOST_NUMBERS or told.wrong.all():
        return {}
    return {"wrong_entries": [int(place) for place in np.flatnonzero(told.wrong)]}


def as_list(values: Array) -> Any:
    """Nested lists of float, where numbers that JSON has no word for are "nan", "inf" and "-inf"."""
    if values.ndim:
        return [as_list(part) for part in values]
    number = float(values)
    return number if math.isfinite(number) else str(number)


def _shape_facts(told: Miss) -> dict[str, Any]:
    """What is the matter with the shape; and the right numbers, where the returned ones only need adding up."""
    got, shape = told.value.data, told.output.shape
    summed = None
    if got is not None and told.output.entries is None:
        summed = summed_up(got, told.expected.reshape(shape), told.near)
    axes = () if summed is None else stretched_axes(told.value.shape, shape)
    facts = axes_pattern(told.value.shape, shape, axes)
    if summed is not None and summed.size <= MOST_NUMBERS:
        facts |= {"summed": as_list(summed), "sum_axis": list(axes)}
    return facts


# ---- what a description may speak of -----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Given:
    """One array of a call: the student's name for it, and what it is: an operand, "grad_out" or "out"."""

    name: str
    source: str
    values: Array


def _given(question: Question, case: Case) -> Iterator[_Given]:
    """The arrays that a student's function was given as numbers, in order; neither shapes nor functions."""
    rest = list(case.calls[0].arguments)
    for name, source, slot in zip(names_of(question), question.receives, case.slots):
        taken, rest = rest[: slot.size], rest[slot.size :]
        for place, argument in enumerate(taken):
            if slot.kind == "list":
                yield _Given(f"{name}[{place}]", f"{source}[{place}]", argument.values)
            elif slot.kind == "array":
                yield _Given(name, source, argument.values)


def _sight(question: Question, case: Case, miss: Miss) -> Sight:
    """What may be said about one output. A large one was looked at in some entries, and in one sum, left out here."""
    output = miss.output
    places = np.arange(miss.expected.size) if output.entries is None else output.entries
    seen = slice(0, places.size)
    return Sight(
        shape=output.shape,
        places=places,
        got=miss.got[seen],
        expected=miss.expected[seen],
        wrong=miss.wrong[seen],
        near=miss.near,
        beside=_beside(question, case, output),
        labels=_labels(question, case),
        sizes=tuple(_sizes(question, case)),
    )


def _beside(question: Question, case: Case, output: Output) -> dict[str, Array]:
    """The arguments that go with the result entry by entry, of its shape. Of a list, the member of the same place."""
    _, bracket, place = output.operand.partition("[")
    found = {}
    for given in _given(question, case):
        name, is_member, own = given.name.partition("[")
        if given.values.dtype.kind in "biuf" and (not is_member or (bracket and own == place)):
            if _stretches(given.values.shape, output.shape):
                found[name] = np.broadcast_to(given.values, output.shape)
    return found


def _stretches(shape: tuple[int, ...], wider: tuple[int, ...]) -> bool:
    return len(shape) <= len(wider) and all(one in (1, other) for one, other in zip(shape[::-1], wider[::-1]))


def _labels(question: Question, case: Case) -> Array | None:
    names = [operand.name for operand in question.operands if operand.classes is not None]
    return next((given.values for given in _given(question, case) if given.source in names), None)


PARTS = ("rows", "columns")


def _sizes(question: Question, case: Case) -> Iterator[Size]:
    """The letters of the question's operands; or, without letters, the rows and the count of what arrives."""
    found: dict[str, Size] = {}
    for operand in question.operands:
        if operand.name in case.key.operands and operand.shape:
            shape = case.calls[0].operands[case.key.operands.index(operand.name)].shape
            for axis, (letter, size) in enumerate(zip(operand.shape, shape)):
                if isinstance(letter, str):
                    part = PARTS[axis] if len(shape) == 2 else "count"
                    found.setdefault(letter, Size(letter, size, part, operand.name))
    yield from found.values()
    upstream = next((given for given in _given(question, case) if given.source == "grad_out"), None)
    if not found and upstream is not None:
        shape = upstream.values.shape
        yield Size("n", shape[0] if len(shape) > 1 else 1, "rows", upstream.name)
        yield Size("n", upstream.values.size, "count", upstream.name)


# ---- what made the first wrong entry -----------------------------------------------------------------------


def _behind(
    question: Question, forwards: Mapping[str, Forward], case: Case, told: Miss
) -> dict[str, float | str | list[float | str]]:
    """For the first wrong entry, the numbers of each argument that it is made of, where these are few."""
    first = int(np.argmax(told.wrong))
    entries = told.output.entries
    if entries is not None and first >= entries.size:
        return {}
    place = first if entries is None else int(entries[first])
    wrt = case.key.operands.index(told.output.operand)
    if case.calls[0].operands[wrt].size > MOST_NUMBERS:
        return {}
    if "f" in question.receives:  # whoever differentiates a function is not given what it is made of
        x = case.calls[0].operands[wrt]
        touched = {told.output.operand: np.arange(x.size).reshape(x.shape) == place}
    else:
        forward = flat_forward(forwards[case.key.forward], case.key.lists)
        touched = _touched(forward, case, wrt, place, _count_classes(question, case))
    behind = {}
    for given in _given(question, case):
        mask = touched.get(given.source)
        if mask is not None and 0 < mask.sum() <= LONGEST_PART:
            numbers = as_list(given.values[mask])
            behind[given.name] = numbers[0] if len(numbers) == 1 else numbers
    return behind


def _count_classes(question: Question, case: Case) -> int:
    """How many classes the labels of this question have; 0 where there are no labels."""
    classes = next((operand.classes for operand in question.operands if operand.classes is not None), 0)
    if isinstance(classes, int):
        return classes
    return next((size.size for size in _sizes(question, case) if size.letter == classes), 0)


def _touched(forward: Forward, case: Case, wrt: int, place: int, classes: int) -> dict[str, Array]:
    """By argument, which of its entries the gradient at one place of an operand is made of.

    Found out by trying: which outputs move with that place, and which entries of the operands change how they move.
    Other numbers than those of the case are tried, since a 0 among these would hide what is multiplied by it.
    """
    rng = np.random.default_rng(0)
    operands = [
        rng.uniform(0.5, 1.5, size=values.shape) if values.dtype.kind == "f" else values.copy()
        for values in case.calls[0].operands
    ]
    unit = np.zeros(operands[wrt].size)
    unit[place] = 1.0
    direction = unit.reshape(operands[wrt].shape)

    def moves() -> Array:
        return jvp(forward, operands, wrt, direction)

    usual = moves()
    of_out = np.abs(usual) > TOUCHED
    touched = {"grad_out": of_out, "out": of_out}
    for index, name in enumerate(case.key.operands):
        if operands[index].size <= MOST_INPUTS:
            touched[name] = _changing(operands[index], classes, moves, usual)
    return touched


def _changing(values: Array, classes: int, moves: Callable[[], Array], usual: Array) -> Array:
    """The entries of an operand that change how the outputs move. Each is put back."""
    mask = np.zeros(values.shape, dtype=bool)
    for at in np.ndindex(values.shape):
        value = values[at]
        for other in range(classes) if values.dtype.kind in "iu" else (value + 0.25,):
            values[at] = other
            mask[at] |= bool(np.any(np.abs(moves() - usual) > TOUCHED))
        values[at] = value
    return mask
