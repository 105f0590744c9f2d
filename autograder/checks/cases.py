"""Draw the deck: the calls that every submission of a class is asked to answer.

All drawn numbers are representable in float32, so that a student may compute in either precision.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.checks.draws import DRAWS, LABEL_DRAWS, ROW_DRAWS, Draw, draw_labels, draw_upstream, draw_whole_numbers
from autograder.checks.forwards import flat_forward
from autograder.checks.steps import training_cases
from autograder.errors import AssignmentError, did_you_mean
from autograder.records import (
    FAMILIES,
    VERDICTS,
    AnswerKey,
    Argument,
    Array,
    Assignment,
    Call,
    Case,
    CasePlan,
    Deck,
    Operand,
    Question,
    Slot,
)

LAYOUT_WORDS = {
    "C": "a plain array",
    "F": "in Fortran order",
    "strided": "a strided view",
    "repeated": "a view that repeats one row",
}


def make_deck(assignment: Assignment, seed: int, index: int = 0) -> Deck:
    """All cases of all questions, drawn from `seed`. Raises AssignmentError when a case cannot be drawn."""
    return with_training(make_function_deck(assignment, seed, index), assignment)


def make_function_deck(assignment: Assignment, seed: int, index: int = 0) -> Deck:
    """The cases of the questions that ask for a function."""
    with np.errstate(all="ignore"):  # of the forward functions
        cases = [
            _make_case(assignment, question, plan, seed, index)
            for question in assignment.questions
            for plan in sorted(question.cases, key=lambda plan: FAMILIES.index(plan.family))
        ]
    return Deck(seed, index, tuple(cases))


def with_training(deck: Deck, assignment: Assignment) -> Deck:
    """The deck, and after it the cases of the training questions. These need forward functions that are sound."""
    questions = [question for question in assignment.questions if question.models]
    cases = [one for question in questions for one in training_cases(assignment, question, deck.seed, deck.index)]
    return replace(deck, cases=(*deck.cases, *cases))


def _make_case(assignment: Assignment, question: Question, plan: CasePlan, seed: int, index: int) -> Case:
    # Each case has a generator of its own, so that a new case changes no other one.
    rng = np.random.default_rng([seed, index, zlib.crc32(question.name.encode()), zlib.crc32(plan.key.encode())])
    draw = _Drawer(assignment, question, plan, rng)
    first = draw.call(plan)
    key, slots = draw.key(plan), draw.slots(plan)
    words = _words(question, plan, first, key, slots)
    is_plain = not (plan.draws or plan.dtypes or plan.layouts or plan.same)
    if plan.family != "pure":
        return Case(question.name, question.function, plan.family, words, (first,), slots, key, is_plain=is_plain)

    between = draw.call(replace(plan, sizes={**plan.sizes, **plan.then}))
    last = draw.call(plan)
    # The same operands under another upstream gradient: whoever caches by operands returns the old result.
    other = draw.call(plan, operands=first.operands if "grad_out" in question.receives else None)
    calls = (first, replace(first, arrays="same"), between, replace(last, arrays="updated"), last, other)
    return Case(question.name, question.function, plan.family, words, calls, slots, key, 2, is_plain=is_plain)


def _words(question: Question, plan: CasePlan, call: Call, key: AnswerKey, slots: Sequence[Slot]) -> str:
    """The case as a person would say it: `a (3, 4), b (4,), float32`."""
    if plan.family == VERDICTS:
        parts = [_function_in_words(slots[0], key), f"x {call.operands[key.wrt[0]].shape}"]
    elif question.arguments:
        parts = _arguments_in_words(question.arguments, slots, call.arguments)
    else:
        parts = [
            f"{name} {values.shape}{' (' + plan.draws[name] + ')' if name in plan.draws else ''}"
            for name, values in zip(key.operands, call.operands)
        ]
    if "grad_out" in plan.draws:
        name = dict(zip(question.receives, question.arguments)).get("grad_out", "grad_out")
        parts.append(f"{name} ({plan.draws['grad_out']})")
    parts += _by_name(plan.layouts, LAYOUT_WORDS)
    if plan.same:
        parts.append(" and ".join(plan.same) + " are one array")
    return ", ".join(parts + _by_name(plan.dtypes))


def _function_in_words(slot: Slot, key: AnswerKey) -> str:
    return f"f(x) = sum(w * {slot.forward}({', '.join(key.operands)}))"


def _arguments_in_words(names: Sequence[str], slots: Sequence[Slot], arguments: Sequence[Argument]) -> list[str]:
    """`params [(3, 4), (4,)]`, `shape (3,)`, `lr 0.25`: each argument under the student's own name for it."""
    parts, rest = [], list(arguments)
    for name, slot in zip(names, slots):
        taken, rest = rest[: slot.size], rest[slot.size :]
        values = taken[0].values
        if slot.kind == "list":
            parts.append(f"{name} [{', '.join(str(argument.values.shape) for argument in taken)}]")
        elif slot.kind == "shape":
            parts.append(f"{name} {tuple(int(size) for size in values)}")
        elif taken[0].layout == "scalar":
            parts.append(f"{name} {values[()]:.3g}")
        else:
            parts.append(f"{name} {values.shape}")
    return parts


def _by_name(given: Mapping[str, str], words: Mapping[str, str] | None = None) -> list[str]:
    """`["float32"]` when all names have it, else `["a is int64", "b is int64"]`."""
    said = {name: (words or {}).get(value, value) for name, value in given.items()}
    if len(said) > 1 and len(set(said.values())) == 1:
        return [next(iter(said.values()))]
    return [f"{name} is {what}" for name, what in said.items()]


class _Drawer:
    """Draws the calls of one case with one generator."""

    def __init__(self, assignment: Assignment, question: Question, plan: CasePlan, rng: np.random.Generator) -> None:
        self.assignment = assignment
        self.question = question
        self.forward_name = plan.forward or question.forward
        self.operands = plan.operands or question.operands
        self.lists = tuple(len(plan.lists.get(one.name, ())) if one.is_list else None for one in self.operands)
        self.forward = flat_forward(assignment.forwards[self.forward_name], self.lists)
        self.rng = rng

    def call(self, plan: CasePlan, operands: Sequence[Array] | None = None) -> Call:
        """A call with freshly drawn operands, or with the given ones; the upstream gradient is always fresh."""
        return self._call(plan, self._operands(plan) if operands is None else dict(zip(self.names(plan), operands)))

    def names(self, plan: CasePlan) -> tuple[str, ...]:
        """All operands in a row: `a`, `params[0]`; the one that a numeric gradient is asked for is called x."""
        names: list[str] = []
        for operand, size in zip(self.operands, self.lists):
            plain = "x" if plan.wrt == operand.name else operand.name
            names += [plain] if size is None else [f"{plain}[{index}]" for index in range(size)]
        return tuple(names)

    def key(self, plan: CasePlan) -> AnswerKey:
        names = self.names(plan)
        wanted = ("x",) if plan.family == VERDICTS else self.question.gradients
        wrt = tuple(place for base in wanted for place, name in enumerate(names) if _base(name) == base)
        results = tuple(self.question.result.replace("{operand}", names[place]) for place in wrt)
        return AnswerKey(self.forward_name, names, self.lists, wrt, results)

    def slots(self, plan: CasePlan) -> tuple[Slot, ...]:
        sizes = {operand.name: size for operand, size in zip(self.operands, self.lists)}
        slots = []
        for name in self.question.receives:
            if plan.family == VERDICTS and name == "f":
                slots.append(Slot("function", len(sizes), self.forward_name, list(sizes).index(plan.wrt)))
            elif name.endswith(".shape"):
                slots.append(Slot("shape"))
            else:
                size = sizes.get(name)
                slots.append(Slot() if size is None else Slot("list", size))
        return tuple(slots)

    def _operands(self, plan: CasePlan) -> dict[str, Array]:
        operands: dict[str, Array] = {}
        for operand in self.operands:
            if operand.is_list:
                for index, shape in enumerate(self._list_of_shapes(operand, plan)):
                    operands[f"{operand.name}[{index}]"] = self._numbers(operand, plan, shape)
            else:
                values = self._operand(operand, plan, operands)
                name = "x" if plan.wrt == operand.name else operand.name
                operands[name] = _as_laid_out(values, plan.layouts.get(name))
        return operands

    def _list_of_shapes(self, operand: Operand, plan: CasePlan) -> tuple[tuple[int, ...], ...]:
        if operand.name not in plan.lists:
            wanted = f"shapes for the list {operand.name}, such as {operand.name} = [[3, 4], [4]]"
            raise self._refused(plan, wanted=wanted, got=_said(plan))
        return plan.lists[operand.name]

    def _call(self, plan: CasePlan, operands: Mapping[str, Array]) -> Call:
        output = self._output(plan, operands)
        grad_out = self._upstream(plan, output)
        return Call(self._arguments(plan, operands, output, grad_out), tuple(operands.values()), grad_out)

    def _output(self, plan: CasePlan, operands: Mapping[str, Array]) -> Array:
        name = f"{self.forward_name}()"
        try:
            # Copies: that a forward writes into its arguments is found out when the answer key is proved sound.
            returned = self.forward(*[values.copy() for values in operands.values()])
        except Exception as error:
            raise self._refused(
                plan,
                wanted=f"operands that {name} in forward.py accepts",
                got=f"{_shapes(operands)}: {type(error).__name__}: {' '.join(str(error).split())}",
            ) from error
        is_numeric = isinstance(returned, (np.ndarray, np.generic, float, int))
        output = np.asarray(returned if is_numeric else np.nan)
        if not is_numeric or output.dtype.kind not in "fiub" or not output.size:
            file = str(self.assignment.folder / "forward.py")
            got = f"{_kind(returned)}, for {_shapes(operands)}"
            raise AssignmentError(file, name, wanted="one array of numbers, or one number", got=got)
        if not np.isfinite(output).all():
            got = f"nan or inf, for {_shapes(operands)}"
            raise self._refused(plan, wanted=f"operands for which {name} in forward.py is finite", got=got)
        return output

    def _operand(self, operand: Operand, plan: CasePlan, earlier: Mapping[str, Array]) -> Array:
        shape = self._shape(operand, plan)
        twin = next((name for name in plan.same if name in earlier), None) if operand.name in plan.same else None
        if twin is not None:
            return self._same_array(plan, twin, earlier[twin], operand.name, shape)
        if operand.classes is not None:
            return self._class_labels(operand, plan, shape, earlier)
        return self._numbers(operand, plan, shape)

    def _numbers(self, operand: Operand, plan: CasePlan, shape: tuple[int, ...]) -> Array:
        draw = self._draw(plan, operand.name, operand.draw, shape)
        dtype = plan.dtypes.get(operand.name, "float64")
        if not dtype.startswith("float"):
            return draw_whole_numbers(self.rng, shape, dtype)
        return _float32_values(draw(self.rng, shape))

    def _same_array(self, plan: CasePlan, one: str, values: Array, other: str, shape: tuple[int, ...]) -> Array:
        dtypes = [plan.dtypes.get(name, "float64") for name in (one, other)]
        if values.shape != shape or dtypes[0] != dtypes[1]:
            wanted = "operands of one shape and one dtype, because they are one array"
            got = f"{one} {values.shape} {dtypes[0]}, {other} {shape} {dtypes[1]}"
            raise self._refused(plan, key="same", wanted=wanted, got=got)
        return values

    def _draw(self, plan: CasePlan, name: str, default: str, shape: tuple[int, ...]) -> Draw:
        """How the numbers of `name` are drawn: in the case's own way, or in the default one."""
        draw = self._known_draw(plan, name, default, DRAWS)
        if draw in ROW_DRAWS and (len(shape) != 2 or shape[1] < 2):
            wanted = f'a matrix with at least two columns for the draw "{draw}"'
            raise self._refused(plan, wanted=wanted, got=f"{name} {shape}")
        return DRAWS[draw]

    def _known_draw(self, plan: CasePlan, name: str, default: str, known: Collection[str]) -> str:
        draw = plan.draws.get(name, default)
        if draw in known:
            return draw
        key = f"{plan.key}.draw.{name}"
        if name not in plan.draws:
            key = f'question "{self.question.name}".operands.{name}.draw'
        raise AssignmentError(
            str(self.assignment.folder / "assignment.toml"),
            key,
            wanted=f"one of {', '.join(sorted(known))}",
            got=f'"{draw}"',
            hint=did_you_mean(draw, known),
        )

    def _class_labels(
        self, operand: Operand, plan: CasePlan, shape: tuple[int, ...], earlier: Mapping[str, Array]
    ) -> Array:
        classes = self._size(operand.classes or 0, plan)
        if classes < 2 or len(shape) != 1:
            wanted = "a vector of labels of at least 2 classes"
            raise self._refused(plan, wanted=wanted, got=f"{operand.name} {shape}, classes = {classes}")
        draw = self._known_draw(plan, operand.name, operand.draw, LABEL_DRAWS)
        logits = next((a for a in earlier.values() if a.ndim == 2 and a.shape == (*shape, classes)), None)
        if draw == "least likely" and logits is None:
            raise self._refused(plan, wanted=f"logits of shape {(*shape, classes)} before them", got=_shapes(earlier))
        return draw_labels(self.rng, shape, classes, draw, logits).astype(np.int64)

    def _shape(self, operand: Operand, plan: CasePlan) -> tuple[int, ...]:
        if operand.name in plan.shapes:
            return plan.shapes[operand.name]
        if operand.shape is None:
            wanted = f"a shape for {operand.name}, such as {operand.name} = [3, 4]"
            raise self._refused(plan, wanted=wanted, got=_said(plan))
        return tuple(self._size(size, plan) for size in operand.shape)

    def _size(self, size: int | str, plan: CasePlan) -> int:
        if isinstance(size, int):
            return size
        if size not in plan.sizes:
            raise self._refused(plan, wanted=f"a size for the letter {size}, such as {size} = 4", got=_said(plan))
        return plan.sizes[size]

    def _upstream(self, plan: CasePlan, output: Array) -> Array:
        if not {"grad_out", "f"}.intersection(self.question.receives):
            return self._upstream_of_one(output)
        grad_out_dtype = plan.dtypes.get("grad_out", "float64")
        if not grad_out_dtype.startswith("float"):
            grad_out = draw_whole_numbers(self.rng, output.shape, grad_out_dtype)
        elif "grad_out" in plan.draws:
            draw = self._draw(plan, "grad_out", "normal", output.shape)
            grad_out = _float32_values(draw(self.rng, output.shape))
        else:
            grad_out = _float32_values(draw_upstream(self.rng, output.shape))
        return _as_laid_out(grad_out, plan.layouts.get("grad_out"))

    def _upstream_of_one(self, output: Array) -> Array:
        """Whoever is not told an upstream gradient answers for 1."""
        if output.ndim:
            wanted = f"grad_out in receives, because {self.forward_name}() does not return one number"
            key = f'question "{self.question.name}".receives'
            file = str(self.assignment.folder / "assignment.toml")
            raise AssignmentError(file, key, wanted=wanted, got=", ".join(self.question.receives))
        return np.ones(())

    def _arguments(
        self, plan: CasePlan, operands: Mapping[str, Array], output: Array, grad_out: Array
    ) -> tuple[Argument, ...]:
        if plan.family == VERDICTS:
            others = [values for name, values in operands.items() if name != "x"]
            x = Argument(np.ascontiguousarray(operands["x"]).reshape(operands["x"].shape), plan.layouts.get("x", "C"))
            return (Argument(grad_out), *(Argument(values) for values in others), x)
        arguments: list[Argument] = []
        first_place: dict[str, int] = {}
        for name in self.question.receives:
            first_place[name] = len(arguments)
            same_as = first_place[plan.same[0]] if name in plan.same[1:] else None
            for values, layout in self._received(name, plan, operands, output, grad_out):
                arguments.append(Argument(values, layout, same_as))
        return tuple(arguments)

    def _received(
        self, name: str, plan: CasePlan, operands: Mapping[str, Array], output: Array, grad_out: Array
    ) -> list[tuple[Array, str]]:
        """The arrays of one argument, each with its layout."""
        if name.endswith(".shape"):
            shape: Any = operands[name.removesuffix(".shape")].shape
            return [(np.array(shape, dtype=np.int64), "C")]
        named = {**operands, "out": output, "grad_out": grad_out}
        layout = plan.layouts.get(name)
        is_loss = output.ndim == 0 and any(values.ndim for values in operands.values())
        is_number = any(operand.name == name and operand.shape == () for operand in self.operands)
        if (is_number or (is_loss and name in ("grad_out", "out"))) and layout != "C":
            # The upstream gradient of a loss is a number: students write `grad_out * (probs - one_hot) / N`.
            layout = "scalar"
        received = []
        for values in [named[name]] if name in named else [named[one] for one in named if _base(one) == name]:
            usual = "int64" if name in operands and values.dtype.kind == "i" else "float64"
            values = values.astype(plan.dtypes.get(name, usual))
            received.append((np.ascontiguousarray(values).reshape(values.shape), layout or "C"))
        return received

    def _refused(self, plan: CasePlan, *, wanted: str, got: str, key: str = "") -> AssignmentError:
        where = f"{plan.key}.{key}" if key else plan.key
        return AssignmentError(str(self.assignment.folder / "assignment.toml"), where, wanted=wanted, got=got)


def _base(name: str) -> str:
    """`params` of `params[1]`."""
    return name.partition("[")[0]


def _float32_values(values: Array) -> Array:
    """The nearest numbers that float32 can hold, as float64."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def _as_laid_out(values: Array, layout: str | None) -> Array:
    """A view that repeats its first row can hold nothing but its first row."""
    return np.array(np.broadcast_to(values[:1], values.shape)) if layout == "repeated" and values.ndim else values


def _shapes(operands: Mapping[str, Array]) -> str:
    return ", ".join(f"{name} {values.shape}" for name, values in operands.items()) or "nothing"


def _said(plan: CasePlan) -> str:
    """What a case says of sizes and shapes: `N = 4, a = [3, 4]`."""
    shapes: dict[str, Any] = {name: list(shape) for name, shape in plan.shapes.items()}
    shapes |= {name: [list(shape) for shape in shapes] for name, shapes in plan.lists.items()}
    return ", ".join(f"{name} = {size}" for name, size in {**plan.sizes, **shapes}.items()) or "nothing"


def _kind(returned: object) -> str:
    if isinstance(returned, (np.ndarray, np.generic)):
        return f"an array of shape {returned.shape} and dtype {returned.dtype}"
    return "None" if returned is None else f"a {type(returned).__name__}"
