"""Draw the deck: the calls that every submission of a class is asked to answer.

A check is as good as the cases it draws. The upstream gradient is always random, never ones, and has both signs.
All drawn numbers are representable in float32, so that a student may compute in either precision.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from autograder.errors import AssignmentError, did_you_mean
from autograder.records import FAMILIES, Argument, Array, Assignment, Call, Case, CasePlan, Deck, Operand, Question

Draw = Callable[[np.random.Generator, tuple[int, ...]], Array]

# ---- how numbers are drawn ---------------------------------------------------------------------------------


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Of both signs, or positive where there is one number only: an operation such as relu is never dead."""
    values = np.asarray(rng.normal(size=shape))
    if (values < 0).all() or (values.size > 1 and (values > 0).all()):
        values.flat[0] *= -1.0
    return values


def _wide(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """From -9 to 9: sigmoid bends and flattens, but does not yet saturate.

    A third of the numbers, and at least one, lies where the slope is large: it gives the others their scale. Near 9
    alone, a right answer in float32 keeps four digits.
    """
    values = rng.uniform(-9.0, 9.0, size=shape).reshape(-1)
    steep = rng.permutation(values.size)[: 1 + values.size // 3]
    values[steep] = rng.uniform(-2.0, 2.0, size=steep.size)
    return values.reshape(shape)


def _some_zeros(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """At least one zero, and not only zeros: whoever divides by an operand is found out."""
    values = rng.normal(size=shape).reshape(-1)
    if values.size > 1:
        zeros = rng.permutation(values.size)[: max(1, values.size // 3)]
        values[zeros] = 0.0
    return values.reshape(shape)


def _saturated(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Ordinary numbers among +1000 and -1000, where sigmoid is exactly 1 or 0."""
    values = rng.uniform(-4.0, 4.0, size=shape).reshape(-1)
    places = np.append(0, 1 + rng.permutation(values.size - 1))  # the first too: some guess a dtype from it
    values[places[0::3]] = 1000.0
    values[places[1::3]] = -1000.0
    return values.reshape(shape)


def _huge(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Logits up to 1000 in size, in rows that no single number can shift into range.

    In even rows the largest is 1000 and the mean is below 0, so neither exp(logits) nor a shift by the mean
    survives; odd rows lie 1200 lower, so a shift by the largest of the whole batch does not either. In every
    row the probability of the smallest logit is exactly 0.
    """
    rows = rng.uniform(-900.0, -400.0, size=shape)
    for row, logits in enumerate(rows):
        highest, lowest = rng.permutation(logits.size)[:2]
        logits[highest] = 1000.0 if row % 2 == 0 else -200.0
        logits[lowest] = -1000.0
    return rows


def _huge_and_close(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return 1000.0 + rng.normal(size=shape)


def _far_below_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return -1000.0 + rng.normal(size=shape)


def _rows_on_different_scales(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Row sizes from 0.1 to 100; in the last row the two best logits lie beyond 50, where clipping would tie them."""
    scales = np.logspace(-1.0, 2.0, num=shape[0])
    rows = rng.normal(size=shape) * scales[:, None]
    best, second = rng.permutation(shape[1])[:2]
    rows[-1] = -np.abs(rows[-1])
    rows[-1, best] = rng.uniform(55.0, 65.0)
    rows[-1, second] = rows[-1, best] - rng.uniform(0.5, 1.5)
    return rows


def _spread(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """In each row one class has a probability of about 1e-6: an epsilon of 1e-10 in a denominator shows there."""
    rows = rng.uniform(-4.0, -2.0, size=shape)
    for logits in rows:
        highest, lowest = rng.permutation(logits.size)[:2]
        logits[highest] = 0.0
        logits[lowest] = -13.3
    return rows + rng.normal(size=(shape[0], 1))


def _zeros(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return np.zeros(shape)


def _large(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Beyond the limits at which gradients are usually clipped."""
    return 30.0 * _upstream(rng, shape)


def _tiny(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """The gradients of a trained model: absolute tolerances and rounded decimals swallow them."""
    return 1e-5 * rng.normal(size=shape)


def _hundreds(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Beyond what float32 can exponentiate, within what float64 can."""
    return np.asarray(rng.uniform(100.0, 300.0, size=shape) * rng.choice([-1.0, 1.0], size=shape))


DRAWS: Mapping[str, Draw] = {
    "normal": _normal,
    "wide": _wide,
    "some zeros": _some_zeros,
    "saturated": _saturated,
    "huge": _huge,
    "huge and close": _huge_and_close,
    "far below zero": _far_below_zero,
    "rows on different scales": _rows_on_different_scales,
    "spread": _spread,
    "hundreds": _hundreds,
    "zeros": _zeros,
    "large": _large,
    "tiny": _tiny,
}

LAYOUT_WORDS = {
    "C": "a plain array",
    "F": "in Fortran order",
    "strided": "a strided view",
    "repeated": "a view that repeats one row",
}

ROW_DRAWS = frozenset({"huge", "rows on different scales", "spread"})
"""Draws that need a matrix with at least two columns."""

LABEL_DRAWS = frozenset({"mixed", "last class absent", "repeated", "least likely"})
"""How integer class labels can be drawn. "least likely" needs the logits before them."""


def _labels(rng: np.random.Generator, shape: tuple[int, ...], classes: int, draw: str, logits: Array | None) -> Array:
    if draw == "least likely" and logits is not None:
        return np.asarray(np.argmin(logits, axis=-1))
    if draw == "last class absent":
        return rng.integers(0, classes - 1, size=shape)
    if draw == "repeated":
        pair = rng.permutation(classes)[:2]
        labels = rng.permutation(np.resize(pair, shape[0]))
        return labels.reshape(shape)
    labels = rng.integers(0, classes, size=shape)
    if labels.size > 1:  # the last class occurs, and so does another one
        first, second = rng.permutation(labels.size)[:2]
        labels.flat[first] = classes - 1
        labels.flat[second] = rng.integers(0, classes - 1)
    if logits is not None and np.array_equal(labels, np.argmax(logits, axis=-1)):
        labels[0] = np.argmin(logits[0])  # huge logits that are all right leave no gradient to look at
    return labels


def _upstream(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Random, with an entry above 1 and, where there is room, one below -1. Never near 0; a single number never near 1.

    An upstream of almost nothing would leave its entry without a scale to be judged by.
    """
    values = rng.normal(size=shape).reshape(-1)
    values += np.copysign(0.2, values)
    places = rng.permutation(values.size)
    sign = rng.choice([-1.0, 1.0])
    values[places[0]] = sign * rng.uniform(1.3, 2.3)
    if values.size > 1:
        values[places[1]] = -sign * rng.uniform(1.3, 2.3)
    return values.reshape(shape)


def _whole_numbers(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> Array:
    """Small whole numbers without 0, 1 and -1, which hide mistakes; positive where dtype has no sign; or a mask."""
    if dtype == "bool":
        return rng.integers(0, 2, size=shape).astype(np.float64)
    positive = [2.0, 3.0, 4.0]
    return np.asarray(rng.choice(positive if dtype == "uint8" else [-4.0, -3.0, -2.0, *positive], size=shape))


# ---- the deck ----------------------------------------------------------------------------------------------


def make_deck(assignment: Assignment, seed: int, index: int = 0) -> Deck:
    """All cases of all questions, drawn from `seed`. Raises AssignmentError when a case cannot be drawn."""
    cases = [
        _make_case(assignment, question, plan, seed, index)
        for question in assignment.questions
        for plan in sorted(question.cases, key=lambda plan: FAMILIES.index(plan.family))
    ]
    return Deck(seed, index, tuple(cases))


def _make_case(assignment: Assignment, question: Question, plan: CasePlan, seed: int, index: int) -> Case:
    # Each case has a generator of its own, so that a new case changes no other one.
    rng = np.random.default_rng([seed, index, zlib.crc32(question.name.encode()), zlib.crc32(plan.key.encode())])
    draw = _Drawer(assignment, question, rng)
    first = draw.call(plan)
    if plan.family != "pure":
        return Case(question.name, question.function, plan.family, _words(question, plan, first), (first,))

    between = draw.call(replace(plan, sizes={**plan.sizes, **plan.then}))
    last = draw.call(plan)
    # The same operands under another upstream gradient: whoever caches by operands returns the old result.
    other_upstream = draw.call(plan, operands=first.operands)
    calls = (first, replace(first, arrays="same"), between, replace(last, arrays="updated"), last, other_upstream)
    return Case(question.name, question.function, plan.family, _words(question, plan, first), calls, kept_after=2)


def _words(question: Question, plan: CasePlan, call: Call) -> str:
    """The case as a person would say it: `a (3, 4), b (4,), float32`."""
    parts = [
        f"{operand.name} {values.shape}{' (' + plan.draws[operand.name] + ')' if operand.name in plan.draws else ''}"
        for operand, values in zip(question.operands, call.operands)
    ]
    if "grad_out" in plan.draws:
        parts.append(f"grad_out ({plan.draws['grad_out']})")
    parts += _by_name(plan.layouts, LAYOUT_WORDS)
    if plan.same:
        parts.append(" and ".join(plan.same) + " are one array")
    return ", ".join(parts + _by_name(plan.dtypes))


def _by_name(given: Mapping[str, str], words: Mapping[str, str] | None = None) -> list[str]:
    """`["float32"]` when all names have it, else `["a is int64", "b is int64"]`."""
    said = {name: (words or {}).get(value, value) for name, value in given.items()}
    if len(said) > 1 and len(set(said.values())) == 1:
        return [next(iter(said.values()))]
    return [f"{name} is {what}" for name, what in said.items()]


class _Drawer:
    """Draws the calls of one question with one generator."""

    def __init__(self, assignment: Assignment, question: Question, rng: np.random.Generator) -> None:
        self.assignment = assignment
        self.question = question
        self.forward = assignment.forwards[question.forward]
        self.rng = rng

    def call(self, plan: CasePlan, operands: Sequence[Array] | None = None) -> Call:
        """A call with freshly drawn operands, or with the given ones; the upstream gradient is always fresh."""
        names = [operand.name for operand in self.question.operands]
        return self._call(plan, self._operands(plan) if operands is None else dict(zip(names, operands)))

    def _operands(self, plan: CasePlan) -> dict[str, Array]:
        operands: dict[str, Array] = {}
        for operand in self.question.operands:
            values = self._operand(operand, plan, operands)
            operands[operand.name] = _as_laid_out(values, plan.layouts.get(operand.name))
        return operands

    def _call(self, plan: CasePlan, operands: Mapping[str, Array]) -> Call:
        arguments = self._arguments(plan, operands, self._output(plan, operands))
        return Call(arguments, tuple(operands.values()), self._last_grad_out)

    def _output(self, plan: CasePlan, operands: Mapping[str, Array]) -> Array:
        name = f"{self.question.forward}()"
        try:
            with np.errstate(all="ignore"):
                # Copies: that a forward writes into its arguments is found out when the answer key is proved sound.
                returned = self.forward(*(values.copy() for values in operands.values()))
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
        draw = self._draw(plan, operand.name, operand.draw, shape)
        dtype = plan.dtypes.get(operand.name, "float64")
        if not dtype.startswith("float"):
            return _whole_numbers(self.rng, shape, dtype)
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
        return _labels(self.rng, shape, classes, draw, logits).astype(np.int64)

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

    def _arguments(self, plan: CasePlan, operands: Mapping[str, Array], output: Array) -> tuple[Argument, ...]:
        grad_out_dtype = plan.dtypes.get("grad_out", "float64")
        if not grad_out_dtype.startswith("float"):
            grad_out = _whole_numbers(self.rng, output.shape, grad_out_dtype)
        elif "grad_out" in plan.draws:
            draw = self._draw(plan, "grad_out", "normal", output.shape)
            grad_out = _float32_values(draw(self.rng, output.shape))
        else:
            grad_out = _float32_values(_upstream(self.rng, output.shape))
        grad_out = _as_laid_out(grad_out, plan.layouts.get("grad_out"))
        self._last_grad_out = grad_out

        named = {**operands, "out": output, "grad_out": grad_out}
        # The upstream gradient of a loss is a number: students write `grad_out * (probs - one_hot) / N`.
        is_loss = output.ndim == 0 and any(operand.ndim for operand in operands.values())
        arguments: list[Argument] = []
        for name in self.question.receives:
            values = named[name]
            dtype = plan.dtypes.get(name, "int64" if name in operands and values.dtype.kind == "i" else "float64")
            layout = plan.layouts.get(name, "scalar" if is_loss else "C")
            if is_loss and name in ("grad_out", "out") and layout != "C":
                layout = "scalar"
            elif layout == "scalar":
                layout = "C"
            same_as = self.question.receives.index(plan.same[0]) if name in plan.same[1:] else None
            arguments.append(
                Argument(np.ascontiguousarray(values.astype(dtype)).reshape(values.shape), layout, same_as)
            )
        return tuple(arguments)

    def _refused(self, plan: CasePlan, *, wanted: str, got: str, key: str = "") -> AssignmentError:
        where = f"{plan.key}.{key}" if key else plan.key
        return AssignmentError(str(self.assignment.folder / "assignment.toml"), where, wanted=wanted, got=got)


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
    shapes = {name: list(shape) for name, shape in plan.shapes.items()}
    return ", ".join(f"{name} = {size}" for name, size in {**plan.sizes, **shapes}.items()) or "nothing"


def _kind(returned: object) -> str:
    if isinstance(returned, (np.ndarray, np.generic)):
        return f"an array of shape {returned.shape} and dtype {returned.dtype}"
    return "None" if returned is None else f"a {type(returned).__name__}"
