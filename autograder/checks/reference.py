"""Reference gradients: the complex-step derivative of the assignment's own forward functions.

No backward formula is needed, hence none can be copied.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.checks.compressed import find_jacobian
from autograder.checks.forwards import flat_forward
from autograder.derivative import jvp, vjp
from autograder.errors import AssignmentError
from autograder.records import VERDICTS, Array, Assignment, Call, Case, Deck, Forward, Question

FULL_UP_TO = 100
"""Entries of an operand up to which every one is differentiated; above, some entries and one random direction."""

SAMPLED_ENTRIES = 24

LIMIT = 2e-5
"""Scaled error up to which an answer is right. Right float32 answers stay fifty times below; the smallest known
mistake (half precision) lies ten times above."""

NUMERIC_LIMIT = 1e-2
"""The same for a numeric gradient: any step from 1e-7 to 1e-3 stays far below, and a wrong factor far above."""


@dataclass(frozen=True, eq=False)
class Output:
    """One gradient that is asked for: gradient number `position` of call `call` of case `case`, called `result`.
    It stands in a list where its operand does.

    `limit` is the scaled error up to which it is right. `start` and `stop` are its place in the flat vectors. A large
    gradient is looked at through `entries` (flat positions) and through its product with a random `direction`, divided
    by the square root of its size.
    """

    case: int
    call: int
    position: int
    operand: str
    result: str
    in_list: bool
    shape: tuple[int, ...]
    limit: float
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

    `expected` holds all gradients end to end; `scale` is S of each output, `limit` how much of it may be off,
    `starts` its place; `of_call` gives the outputs of each call of each case; `argument_bytes` what the arguments
    must still be after each call.
    """

    outputs: tuple[Output, ...]
    expected: Array
    scale: Array
    limit: Array
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
        of_case: list[tuple[int, ...]] = []
        for call_index, call in enumerate(case.calls):
            # A call on arrays that were used before is compared with another call of the case instead.
            is_asked = call.arrays == "fresh" and case.run is None
            seen = _seen_gradients(assignment, question, case, call, deck) if is_asked else []
            first = len(outputs)
            for position, (wrt, view, gradient, scale) in enumerate(seen):
                stop = place + gradient.size
                outputs.append(
                    Output(
                        case=case_index,
                        call=call_index,
                        position=position,
                        operand=case.key.operands[wrt],
                        result=case.key.results[position],
                        in_list=any(case.key.lists),
                        shape=call.operands[wrt].shape,
                        limit=NUMERIC_LIMIT if case.family == VERDICTS else LIMIT,
                        start=place,
                        stop=stop,
                        entries=view[0],
                        direction=view[1],
                    )
                )
                numbers.append(gradient)
                scales.append(scale)
                place = stop
            of_case.append(tuple(range(first, len(outputs))))
        of_call.append(tuple(of_case))
    return Reference(
        outputs=tuple(outputs),
        expected=np.concatenate(numbers) if numbers else np.zeros(0),
        scale=np.array(scales),
        limit=np.array([output.limit for output in outputs]),
        starts=np.array([output.start for output in outputs], dtype=np.intp),
        of_call=tuple(of_call),
        argument_bytes=tuple(
            tuple(b"".join(argument.values.tobytes() for argument in call.arguments) for call in case.calls)
            for case in deck.cases
        ),
    )


def _seen_gradients(
    assignment: Assignment, question: Question, case: Case, call: Call, deck: Deck
) -> list[tuple[int, View, Array, float]]:
    """For each gradient of one call: the place of its operand, how it is looked at, the numbers, and S."""
    forward = _forward_of(assignment, case)
    seen = []
    for wrt in case.key.wrt:
        view = _view(call.operands[wrt], deck)
        with np.errstate(all="ignore"):
            gradient, scale = _seen_gradient(forward, call.operands, wrt, call.grad_out, view)
        if not np.isfinite(scale):
            wanted = f"a case in which the gradient of {case.key.operands[wrt]} is finite"
            raise _refused(assignment, question, case, wanted, got="nan or inf")
        seen.append((wrt, view, gradient, scale))
    if not any(scale for *_, scale in seen):
        wanted = "a case in which some gradient is not zero"
        raise _refused(assignment, question, case, wanted, "only zeros, which cannot tell right from wrong")
    # An operand whose true gradient is all zeros, because the other one is, is measured by the upstream.
    upstream = float(np.max(np.abs(call.grad_out)))
    return [(wrt, view, gradient, scale or upstream) for wrt, view, gradient, scale in seen]


def _forward_of(assignment: Assignment, case: Case) -> Forward:
    return flat_forward(assignment.forwards[case.key.forward], case.key.lists)


View = tuple[Array | None, Array | None]


def _view(operand: Array, deck: Deck) -> View:
    if operand.size <= FULL_UP_TO:
        return None, None
    rng = np.random.default_rng([deck.seed, operand.size, deck.index])
    entries = np.sort(rng.permutation(operand.size)[:SAMPLED_ENTRIES])
    # Not plain signs: mistakes come in equal sizes, such as 1/N too much here and too little there, and would cancel.
    return entries, rng.choice([-1.0, 1.0], size=operand.size) * rng.uniform(0.5, 1.5, size=operand.size)


def _seen_gradient(
    forward: Forward, operands: Sequence[Array], wrt: int, grad_out: Array, view: View
) -> tuple[Array, float]:
    """The part of the gradient that is compared, and S: the largest of `sum |grad_out| |J|` over the operand."""
    entries, direction = view
    jacobian = find_jacobian(forward, operands, wrt)
    if entries is None or direction is None:
        both = vjp(forward, operands, wrt, grad_out) if jacobian is None else jacobian.vjp_and_magnitude(grad_out)
        gradient, magnitude = both
        return gradient.reshape(-1), float(np.maximum.reduce(magnitude, axis=None))
    size = operands[wrt].size
    if jacobian is not None:
        whole, magnitude = (values.reshape(-1) for values in jacobian.vjp_and_magnitude(grad_out))
        along_direction = whole @ direction / np.sqrt(size)
        gradient, magnitudes = whole[entries], magnitude[entries]
    else:
        columns = [_column(forward, operands, wrt, entry) for entry in entries]
        along = jvp(forward, operands, wrt, direction.reshape(operands[wrt].shape))
        along_direction = np.sum(grad_out * along) / np.sqrt(size)
        gradient = np.array([np.sum(grad_out * column) for column in columns])
        magnitudes = np.array([np.sum(np.abs(grad_out * column)) for column in columns])
    return np.append(gradient, along_direction), max(float(magnitudes.max()), abs(float(along_direction)))


def _column(forward: Forward, operands: Sequence[Array], wrt: int, entry: int) -> Array:
    """What the output does when one entry moves."""
    unit = np.zeros(operands[wrt].size)
    unit[entry] = 1.0
    return jvp(forward, operands, wrt, unit.reshape(operands[wrt].shape))


# ---- is the answer key sound? ------------------------------------------------------------------------------

DIFFERENCE_STEP = 1e-6
DIFFERENCE_LIMIT = 1e-4
"""Central differences have four right digits to spare here; a forward that drops imaginary parts has none."""


def prove_forwards(assignment: Assignment, deck: Deck) -> None:
    """Raise AssignmentError unless each forward's complex-step derivative can serve as the answer key.

    The forward gives one output for the same arguments, leaves these as they are, and its complex-step derivative
    agrees with central differences.
    """
    for question in assignment.questions:
        if question.models:
            continue  # made of operations that have questions of their own
        cases = [case for case in deck.cases if case.question == question.name]
        for case in cases:
            _prove_pure(assignment, case)
        # Differences want ordinary numbers; a question without such families is tried on what it has.
        ordinary = [case for case in cases if case.family in ("runs", "values")] or cases
        for case in ordinary:
            for wrt in case.key.wrt:
                _prove_derivative(assignment, case, wrt)


def _prove_pure(assignment: Assignment, case: Case) -> None:
    call, forward = case.calls[0], _forward_of(assignment, case)
    operands = [values.copy() for values in call.operands]
    with np.errstate(all="ignore"):
        first = np.array(forward(*operands))
        changed = [
            name
            for name, before, after in zip(case.key.operands, call.operands, operands)
            if before.tobytes() != after.tobytes()
        ]
        if changed:
            got = f"it changes {' and '.join(changed)}"
            raise _unfit(assignment, case, wanted="a function that leaves its arguments as they are", got=got)
        again = np.array(forward(*operands))
    if first.shape != again.shape or first.tobytes() != again.tobytes():
        got = "something else in a second call"
        raise _unfit(assignment, case, wanted="the same output for the same arguments", got=got)


def _prove_derivative(assignment: Assignment, case: Case, wrt: int) -> None:
    call, forward = case.calls[0], _forward_of(assignment, case)
    direction = np.random.default_rng(0).normal(size=call.operands[wrt].shape)
    there, back = list(call.operands), list(call.operands)
    there[wrt] = call.operands[wrt] + DIFFERENCE_STEP * direction
    back[wrt] = call.operands[wrt] - DIFFERENCE_STEP * direction
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)  # an imaginary part was thrown away
            difference = (np.asarray(forward(*there)) - np.asarray(forward(*back))) / (2 * DIFFERENCE_STEP)
            derivative = jvp(forward, call.operands, wrt, direction)
    except Exception as error:
        got = f"{type(error).__name__}: {' '.join(str(error).split())}"
    else:
        if not np.isfinite(derivative).all():
            raise _unfit(
                assignment,
                case,
                wanted="a function whose derivative is finite wherever the function is",
                got=f"a derivative in {case.key.operands[wrt]} that is nan or inf",
                hint="Does a step overflow? Complex numbers overflow where real ones only become 0.",
            )
        scale = float(np.max(np.abs(difference), initial=1e-12))
        error_size = float(np.max(np.abs(derivative - difference), initial=0.0)) / scale
        if error_size <= DIFFERENCE_LIMIT:
            return
        got = f"a derivative in {case.key.operands[wrt]} that is off by {100 * error_size:.2g} % of its size"
    raise _unfit(
        assignment,
        case,
        wanted="a function that also works on complex numbers (the reference is its complex-step derivative)",
        got=got,
        hint="Compare real parts (np.real), and use neither abs nor np.maximum nor float().",
    )


def _unfit(assignment: Assignment, case: Case, wanted: str, got: str, hint: str = "") -> AssignmentError:
    file = str(assignment.folder / "forward.py")
    return AssignmentError(file, f"{case.key.forward}()", wanted=wanted, got=got, hint=hint)


def _refused(assignment: Assignment, question: Question, case: Case, wanted: str, got: str) -> AssignmentError:
    is_usual = any(".usual." in plan.key for plan in question.cases)
    return AssignmentError(
        str(assignment.folder / "assignment.toml"),
        f'question "{question.name}", a case of {case.family}: {case.words}',
        wanted=wanted,
        got=got,
        hint="This is one of the usual cases. List cases of your own for this question." if is_usual else "",
    )
