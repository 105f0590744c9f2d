"""Reference gradients: the complex-step derivative of the assignment's own forward functions.

`imag(f(x + ih)) / h` has no difference of nearby numbers in it, so h can be 1e-30 and the derivative is right to
the last digit (Squire and Trapp, SIAM Review 40, 1998). No backward formula is needed, hence none can be copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.errors import AssignmentError
from autograder.records import Array, Assignment, Call, Case, Deck, Forward, Question

STEP = 1e-30
"""The imaginary step. Small enough that its square vanishes beside 1, large enough to stay a normal number."""

FULL_UP_TO = 100
"""Entries of an operand up to which every one is differentiated; above, some entries and one random direction."""

SAMPLED_ENTRIES = 24


@dataclass(frozen=True, eq=False)
class Output:
    """One gradient that is asked for: gradient number `position` of call `call` of case `case`.

    `start` and `stop` are its place in the flat vectors. A large gradient is looked at through `entries` (flat
    positions) and through its product with `direction` (signs), divided by the square root of its size.
    """

    case: int
    call: int
    position: int
    operand: str
    shape: tuple[int, ...]
    start: int
    stop: int
    entries: Array | None = None
    direction: Array | None = None

    def seen(self, gradient: Array) -> Array:
        """The numbers of a float64 gradient of this shape that are compared, as a flat vector."""
        flat = gradient.reshape(-1)
        if self.entries is None or self.direction is None:
            return flat
        return np.append(flat[self.entries], flat @ self.direction / np.sqrt(flat.size))


@dataclass(frozen=True, eq=False)
class Reference:
    """What a right submission answers to a deck. Never leaves the trusted process.

    `expected` holds all gradients end to end; `scale` is S of each output, `starts` its place; `of_call` gives
    the outputs of each call of each case; `argument_bytes` what the arguments must still be after each call.
    """

    outputs: tuple[Output, ...]
    expected: Array
    scale: Array
    starts: Array
    of_call: tuple[tuple[tuple[int, ...], ...], ...]
    argument_bytes: tuple[tuple[bytes, ...], ...]


def make_reference(assignment: Assignment, deck: Deck) -> Reference:
    """Answer the whole deck by complex step. Raises AssignmentError when a case cannot tell right from wrong."""
    questions = {question.name: question for question in assignment.questions}
    outputs: list[Output] = []
    numbers: list[Array] = []
    scales: list[float] = []
    of_call: list[tuple[tuple[int, ...], ...]] = []
    place = 0
    for case_index, case in enumerate(deck.cases):
        question = questions[case.question]
        forward = assignment.forwards[question.forward]
        names = [operand.name for operand in question.operands]
        calls: list[tuple[int, ...]] = []
        for call_index, call in enumerate(case.calls):
            if call.arrays != "fresh":  # compared with another call of the case instead
                calls.append(())
                continue
            first = len(outputs)
            largest_upstream = float(np.max(np.abs(call.grad_out)))
            for position, operand in enumerate(question.gradients):
                wrt = names.index(operand)
                view = _view(call.operands[wrt], deck.seed)
                seen, scale = _seen_gradient(forward, call.operands, wrt, call.grad_out, view)
                shape = call.operands[wrt].shape
                outputs.append(
                    Output(case_index, call_index, position, operand, shape, place, place + seen.size, *view)
                )
                numbers.append(seen)
                scales.append(scale)
                place += seen.size
            if not any(scales[first:]):
                raise _refused(assignment, question, case)
            # An operand whose true gradient is all zeros, because the other one is, is measured by the upstream.
            scales[first:] = [scale or largest_upstream for scale in scales[first:]]
            calls.append(tuple(range(first, len(outputs))))
        of_call.append(tuple(calls))
    return Reference(
        outputs=tuple(outputs),
        expected=np.concatenate(numbers) if numbers else np.zeros(0),
        scale=np.array(scales),
        starts=np.array([output.start for output in outputs], dtype=np.intp),
        of_call=tuple(of_call),
        argument_bytes=tuple(
            tuple(b"".join(argument.values.tobytes() for argument in call.arguments) for call in case.calls)
            for case in deck.cases
        ),
    )


def vjp(forward: Forward, operands: Sequence[Array], wrt: int, grad_out: Array) -> tuple[Array, Array]:
    """`grad_out` times the Jacobian of `forward` in `operands[wrt]`, and the same with absolute values.

    Both have the operand's shape. The second bounds the rounding that a right answer may legitimately have.
    """
    shape = operands[wrt].shape
    gradient, magnitude = np.empty(shape), np.empty(shape)
    for at in np.ndindex(shape):
        direction = np.zeros(shape)
        direction[at] = 1.0
        column = jvp(forward, operands, wrt, direction)
        gradient[at] = np.sum(grad_out * column)
        magnitude[at] = np.sum(np.abs(grad_out) * np.abs(column))
    return gradient, magnitude


def jvp(forward: Forward, operands: Sequence[Array], wrt: int, direction: Array) -> Array:
    """The derivative of `forward` along `direction` in `operands[wrt]`, of the output's shape, by complex step."""
    stepped = list(operands)
    stepped[wrt] = operands[wrt] + 1j * STEP * direction
    return np.asarray(np.imag(forward(*stepped)) / STEP)


View = tuple[Array | None, Array | None]


def _view(operand: Array, seed: int) -> View:
    if operand.size <= FULL_UP_TO:
        return None, None
    rng = np.random.default_rng([seed, operand.size])
    entries = np.sort(rng.permutation(operand.size)[:SAMPLED_ENTRIES])
    return entries, rng.choice([-1.0, 1.0], size=operand.size)


def _seen_gradient(
    forward: Forward, operands: Sequence[Array], wrt: int, grad_out: Array, view: View
) -> tuple[Array, float]:
    """The part of the gradient that is compared, and S: the largest of `sum |grad_out| |J|` over the operand."""
    entries, signs = view
    if entries is None or signs is None:
        gradient, magnitude = vjp(forward, operands, wrt, grad_out)
        return gradient.reshape(-1), float(magnitude.max())
    shape, size = operands[wrt].shape, operands[wrt].size
    columns = []
    for entry in entries:
        direction = np.zeros(size)
        direction[entry] = 1.0
        columns.append(jvp(forward, operands, wrt, direction.reshape(shape)))
    along_signs = np.sum(grad_out * jvp(forward, operands, wrt, signs.reshape(shape))) / np.sqrt(size)
    gradient = np.array([np.sum(grad_out * column) for column in columns])
    magnitudes = [float(np.sum(np.abs(grad_out) * np.abs(column))) for column in columns]
    return np.append(gradient, along_signs), max(*magnitudes, abs(float(along_signs)))


# ---- is the answer key sound? ------------------------------------------------------------------------------

DIFFERENCE_STEP = 1e-6
DIFFERENCE_LIMIT = 1e-4
"""Central differences have four right digits to spare here; a forward that drops imaginary parts has none."""


def prove_complex_step(assignment: Assignment, deck: Deck) -> None:
    """Raise AssignmentError unless each forward's complex-step derivative agrees with central differences."""
    questions = {question.name: question for question in assignment.questions}
    for case in deck.cases:
        if case.family not in ("runs", "values"):
            continue
        question = questions[case.question]
        forward = assignment.forwards[question.forward]
        for name in question.gradients:
            wrt = [operand.name for operand in question.operands].index(name)
            _prove_one(assignment, question, forward, case.calls[0], wrt)


def _prove_one(assignment: Assignment, question: Question, forward: Forward, call: Call, wrt: int) -> None:
    direction = np.random.default_rng(0).normal(size=call.operands[wrt].shape)
    there, back = list(call.operands), list(call.operands)
    there[wrt] = call.operands[wrt] + DIFFERENCE_STEP * direction
    back[wrt] = call.operands[wrt] - DIFFERENCE_STEP * direction
    difference = (np.asarray(forward(*there)) - np.asarray(forward(*back))) / (2 * DIFFERENCE_STEP)
    try:
        derivative = jvp(forward, call.operands, wrt, direction)
    except Exception as error:
        got = f"{type(error).__name__}: {error}"
    else:
        scale = float(np.max(np.abs(difference), initial=1e-12))
        error_size = float(np.max(np.abs(derivative - difference), initial=0.0)) / scale
        if error_size <= DIFFERENCE_LIMIT:
            return
        got = f"a derivative in {question.operands[wrt].name} that is off by {error_size:.1g} of its size"
    raise AssignmentError(
        str(assignment.folder / "forward.py"),
        f"{question.forward}()",
        wanted="a function that also works on complex numbers (the reference is its complex-step derivative)",
        got=got,
        hint="Compare real parts (np.real), and use neither abs nor np.maximum nor float().",
    )


def _refused(assignment: Assignment, question: Question, case: Case) -> AssignmentError:
    return AssignmentError(
        str(assignment.folder / "assignment.toml"),
        f'question "{question.name}", a case of {case.family}: {case.words}',
        wanted="a case in which some gradient is not zero",
        got="only zeros, which cannot tell right from wrong",
    )
