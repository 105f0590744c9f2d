"""Mistakes that show in what a function does besides, or in which cases are wrong rather than in one formula."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

import numpy as np

from autograder.checks.misconceptions.sightings import Sighting
from autograder.checks.reference import Reference
from autograder.records import VERDICTS, Answers, Argument, Array, Case, Question

HABITS: Mapping[str, str] = {
    "not-restored": "not-restored",
    "kept-result": "reuses-buffer",
    "second-call": "remembers",
    "remembers": "remembers",
}
"""Faults that are a mistake by themselves, and its name."""

ORDINARY = ("runs", "values", "shapes")

HALF_PRECISION = 5e-3
"""Scaled error that numbers of eleven bits stay below; single precision stays below the limit of a right answer."""

DECIMALS = (1, 2, 3)
"""Decimals that cost a right answer its value in ordinary cases."""

DECIMALS_FAR_OUT = (4, 5, 6, 7, 8)
"""Decimals that only tiny numbers miss."""

RAISED_ON_PURPOSE = ("AssertionError", "AxisError", "IndexError", "TypeError", "ValueError")
"""Exceptions that say that a shape does not fit. A NameError in one branch says nothing of shapes."""


def names_of_habits(
    question: Question,
    asked: Sequence[tuple[int, Case]],
    reference: Reference,
    answers: Answers,
    faults: Collection[str],
) -> list[str]:
    """The names of what a function does besides returning something."""
    found = {HABITS[fault] for fault in faults if fault in HABITS}
    if VERDICTS not in question.points and any(_changes_arguments(number, reference, answers) for number, _ in asked):
        found.add("mutates-argument")
    return sorted(found)


def _changes_arguments(number: int, reference: Reference, answers: Answers) -> bool:
    answer = answers.cases[number]
    after = () if answer is None else answer.arguments
    return any(held != expected for held, expected in zip(after, reference.argument_bytes[number]))


def name_behaviour(sightings: Sequence[Sighting]) -> str:
    """The first behaviour that fits all answers for one operand, or nothing."""
    ordinary = [one for one in sightings if one.family in ORDINARY] or list(sightings)
    if not _wrong(sightings):
        return ""
    if not _wrong(ordinary):
        return next((name for name, fits in IN_HARD_CASES.items() if fits(sightings)), "")
    names = [name for name, fits in IN_ORDINARY_CASES.items() if fits(ordinary)]
    if not names and len(ordinary) == len(sightings):
        names = [name for name, fits in IN_HARD_CASES.items() if fits(sightings)]
    if not names and remembers(sightings):
        names = ["remembers"]
    return names[0] if names else ""


# ---- how exact the numbers are -----------------------------------------------------------------------------


def half_precision(sightings: Sequence[Sighting]) -> bool:
    """The numbers are those of half precision: off by some thousandths at most, and made of eleven bits."""
    return _fits_in_some_unit(sightings, _is_half)


def rounded(sightings: Sequence[Sighting]) -> bool:
    """The numbers have few decimals, and are as near to the right ones as these decimals allow."""
    return any(_fits_in_some_unit(sightings, partial(_is_rounded, decimals=decimals)) for decimals in DECIMALS)


def rounded_far_out(sightings: Sequence[Sighting]) -> bool:
    """All numbers have a few decimals more; that costs the small ones nearly all of their digits."""
    doubles = [one for one in sightings if not _gets_whole_numbers(one) and "float32" not in _dtypes(one)]
    wrong = _wrong(sightings)
    are_numbers = all(one.got is not None and one.got.data is not None and one.got.data.any() for one in wrong)
    return (
        are_numbers
        and not _wrong([one for one in sightings if one not in doubles])
        and any(_fits_in_some_unit(doubles, partial(_is_rounded, decimals=decimals)) for decimals in DECIMALS_FAR_OUT)
    )


def integer_buffer(sightings: Sequence[Sighting]) -> bool:
    """Whole numbers come back where an argument holds whole numbers: a buffer was made of its type."""
    wrong = _wrong(sightings)
    return bool(wrong) and all(map(_gets_whole_numbers, wrong)) and _fits_in_some_unit(wrong, _is_cut_off)


def _gets_whole_numbers(one: Sighting) -> bool:
    """Whether an argument of whole numbers is one that is differentiated, or the upstream; labels always are whole."""
    call, key = one.asked.case.calls[0], one.asked.case.key
    numbers = [call.grad_out, *(call.operands[place] for place in key.wrt)]
    whole = [argument.values for argument in call.arguments if argument.values.dtype.kind in "iu"]
    return any(np.array_equal(values, other) for values in whole for other in numbers)


def _fits_in_some_unit(sightings: Sequence[Sighting], fits: Callable[[Array, Array], bool]) -> bool:
    """Whether all answers fit when measured in one unit: 1, or what the upstream multiplies them by."""
    numbers = [(one, one.got.data) for one in sightings if one.got is not None and one.got.data is not None]
    if (
        not numbers
        or len(numbers) < len(sightings)
        or any(data.shape != one.output.right.shape for one, data in numbers)
    ):
        return False
    return any(all(_fits_in(unit(one), data, one, fits) for one, data in numbers) for unit in UNITS)


def _fits_in(unit: Array | None, got: Array, one: Sighting, fits: Callable[[Array, Array], bool]) -> bool:
    if unit is None:
        return False
    with np.errstate(all="ignore"):
        got_in_units, right = got / unit, one.output.right / unit
    is_measured = np.broadcast_to(unit != 0, right.shape)
    return (
        bool(np.isfinite(got).all())
        and not got[~is_measured].any()
        and fits(got_in_units[is_measured], right[is_measured])
    )


def _one(one: Sighting) -> Array | None:
    return np.ones(())


def _upstream(one: Sighting) -> Array | None:
    grad_out = one.output.grad_out
    return grad_out if grad_out.shape in ((), one.output.right.shape) else None


def _share_of_upstream(one: Sighting) -> Array | None:
    """What a mean leaves of the upstream for each row."""
    grad_out, shape = one.output.grad_out, one.output.right.shape
    return grad_out / shape[0] if grad_out.ndim == 0 and len(shape) == 2 else None


UNITS: Sequence[Callable[[Sighting], Array | None]] = (_one, _upstream, _share_of_upstream)


def _is_half(got: Array, right: Array) -> bool:
    scale = float(np.max(np.abs(right), initial=0.0))
    # A probability of eleven bits, less 1 for the target's class, has more bits; it has eleven again when 1 is added.
    has_eleven_bits = _has_eleven_bits(got) | _has_eleven_bits(got + 1.0)
    return bool(np.all(has_eleven_bits) and np.all(np.abs(got - right) <= HALF_PRECISION * scale))


def _has_eleven_bits(numbers: Array) -> Array:
    with np.errstate(all="ignore"):
        halves = numbers.astype(np.float16).astype(float)
    return np.asarray(np.abs(halves - numbers) <= 1e-9 * np.abs(numbers) + 1e-14)


def _is_rounded(got: Array, right: Array, decimals: int) -> bool:
    step = 10.0**-decimals
    is_near = np.abs(got - right) <= 0.51 * step
    # A product of two rounded numbers has twice as many decimals; all numbers have eight and more.
    counts = (decimals, 2 * decimals) if decimals in DECIMALS else (decimals,)
    return bool(np.all(is_near)) and any(_has_decimals(got, count) for count in counts)


def _has_decimals(numbers: Array, count: int) -> bool:
    return bool(np.all(np.abs(numbers - np.round(numbers, count)) <= 1e-11 * np.maximum(np.abs(numbers), 1.0)))


def _is_cut_off(got: Array, right: Array) -> bool:
    tolerance = 1e-6 * max(1.0, float(np.max(np.abs(right), initial=0.0)))
    return any(bool(np.all(np.abs(got - cut(right)) <= tolerance)) for cut in (np.trunc, np.floor))


# ---- which cases are wrong ---------------------------------------------------------------------------------


def _wrong(sightings: Sequence[Sighting]) -> list[Sighting]:
    return [one for one in sightings if not one.is_right]


def _is_right_call(one: Sighting) -> bool:
    """Whether the gradients of all operands are right: an exception says nothing of whose gradient it is."""
    return all(one.asked.are_right)


def _raises_on_purpose(one: Sighting) -> bool:
    return one.raised is not None and one.raised.get("exception") in RAISED_ON_PURPOSE


def _has_wrong_shape(one: Sighting) -> bool:
    return one.got is not None and one.got.shape != one.output.right.shape


def _in_fortran_order(one: Sighting) -> bool:
    return any(
        argument.layout == "F" and sum(size > 1 for size in argument.values.shape) > 1 for argument in _arguments(one)
    )


def _has_gaps(one: Sighting) -> bool:
    return any(argument.layout == "strided" and argument.values.ndim > 1 for argument in _arguments(one))


def lost_view(sightings: Sequence[Sighting]) -> bool:
    """Zeros come back where an argument does not lie in memory row by row: what was written into was a copy."""
    return all(
        one.got is not None
        and one.got.data is not None
        and not one.got.data.any()
        and (_in_fortran_order(one) or _has_gaps(one))
        for one in _wrong(sightings)
    )


def memory_order(sightings: Sequence[Sighting]) -> bool:
    """The numbers are right except where an argument lies in Fortran order."""
    return all(
        one.got is not None and not _has_wrong_shape(one) and _in_fortran_order(one) for one in _wrong(sightings)
    )


def gaps_as_columns(sightings: Sequence[Sighting]) -> bool:
    """The numbers are right except where an argument is a view with gaps."""
    return all(one.got is not None and not _has_wrong_shape(one) and _has_gaps(one) for one in _wrong(sightings))


def double_buffer(sightings: Sequence[Sighting]) -> bool:
    """An exception comes exactly where an argument has single precision; everything else is right."""
    return _raises_only(sightings, lambda one: "float32" in _dtypes(one))


def in_place_on_integers(sightings: Sequence[Sighting]) -> bool:
    """Where arguments are whole numbers, an operator such as += wants to write fractions into them."""
    raised = [one for one in sightings if one.raised is not None]
    return (
        bool(raised)
        and all("Cannot cast ufunc" in str((one.raised or {}).get("text")) for one in raised)
        and all(_gets_whole_numbers(one) for one in raised)
        and all(_is_right_call(one) for one in sightings if one.raised is None)
    )


def array_upstream_is_per_row(sightings: Sequence[Sighting]) -> bool:
    """An exception comes exactly where the upstream of a loss is an array without axes instead of a number."""
    return all(one.output.grad_out.ndim == 0 for one in sightings) and _raises_only(
        sightings, lambda one: _arguments(one)[0].values.ndim == 0 and _arguments(one)[0].layout != "scalar"
    )


def _arguments(one: Sighting) -> tuple[Argument, ...]:
    return one.asked.case.calls[0].arguments


def _dtypes(one: Sighting) -> set[str]:
    return {argument.values.dtype.name for argument in _arguments(one)}


def _raises_only(sightings: Sequence[Sighting], where: Callable[[Sighting], bool]) -> bool:
    return any(map(where, sightings)) and all(
        _raises_on_purpose(one) if where(one) else _is_right_call(one) for one in sightings
    )


def scalar_as_vector(sightings: Sequence[Sighting]) -> bool:
    """The right number comes back in an array of shape (1,) where a single number was asked for."""
    return all(
        one.got is not None
        and one.got.shape == (1,)
        and one.output.right.shape == ()
        and one.is_close(one.output.right.reshape(1))
        for one in _wrong(sightings)
    )


def squeezed_batch(sightings: Sequence[Sighting]) -> bool:
    """The right numbers come back without their axes of length 1."""
    return all(one.is_close(np.squeeze(one.output.right)) for one in sightings)


def last_row_forgotten(sightings: Sequence[Sighting]) -> bool:
    """The last row of the upstream takes no part: a loop over the rows ends one early."""
    wrong = [one for one in _wrong(sightings) if one.raised is None]
    is_shown = all(one.output.grad_out.ndim and one.is_close(_without_last_row(one)) for one in wrong)
    return is_shown and len({one.output.shapes for one in wrong}) > 1


def _without_last_row(one: Sighting) -> Array:
    grad_out = one.output.grad_out.copy()
    grad_out[-1] = 0.0
    return one.output.vjp(grad_out)


def nan_at_saturation(sightings: Sequence[Sighting]) -> bool:
    """What comes back is no number exactly where the output is 0 or 1, to the last digit."""
    wrong = _wrong(sightings)
    return all(map(_is_nan_at_saturation, wrong)) and bool(wrong)


def _is_nan_at_saturation(one: Sighting) -> bool:
    got, right, out = one.got, one.output.right, one.output.out
    if got is None or got.data is None or not got.shape == right.shape == out.shape:
        return False
    is_number = np.isfinite(got.data)
    is_saturated = ((out == 0.0) | (out == 1.0)) & (one.output.operand != 0.0)
    is_close = np.abs(np.where(is_number, got.data, right) - right) <= one.asked.limit * one.output.magnitude
    return bool(np.all(is_number | is_saturated) and not is_number.all() and np.all(is_close))


def remembers(sightings: Sequence[Sighting]) -> bool:
    """An operand is the one of an earlier call, the first in which it had this shape."""
    places = set.intersection(*(set(one.asked.case.key.wrt) for one in sightings))
    return any(_remembers_operand(sightings, place) for place in sorted(places))


def _remembers_operand(sightings: Sequence[Sighting], place: int) -> bool:
    first: dict[tuple[int, ...], Array] = {}
    for one in sightings:
        operands = list(one.output.operands)
        operands[place] = first.setdefault(operands[place].shape, operands[place])
        if not one.is_close(one.output.vjp(None, *operands)):
            return False
    return True


def same_shape_assert(sightings: Sequence[Sighting]) -> bool:
    """The function refuses in so many words to answer where operands have different shapes."""
    raised = [one.raised for one in sightings if one.raised is not None]
    are_refusals = all(str(facts.get("code", "")).startswith(("assert", "raise")) for facts in raised)
    return are_refusals and _answers_only(sightings, lambda one: len({x.shape for x in one.output.operands}) == 1)


def square_only(sightings: Sequence[Sighting]) -> bool:
    """The function answers rightly only where all matrices are square."""

    def is_square(one: Sighting) -> bool:
        shapes = [*(values.shape for values in one.output.operands), one.output.out.shape]
        return len(set(shapes)) == 1 and len(set(shapes[0])) == 1

    return _is_right_only(sightings, is_square)


def matrices_only(sightings: Sequence[Sighting]) -> bool:
    """The function answers only where there are two axes."""
    return any(
        _answers_only(sightings, has_two_axes)
        for has_two_axes in (lambda one: one.output.out.ndim == 2, lambda one: one.output.operand.ndim == 2)
    )


def hard_coded_shape(sightings: Sequence[Sighting]) -> bool:
    """What comes back has the same shape whatever comes in."""
    shapes = {one.got.shape for one in sightings if one.got is not None}
    is_one_of_ours = any(one.is_right and one.output.right.shape in shapes for one in sightings)
    wrong = _wrong(sightings)
    return (
        len(shapes) == 1
        and () not in shapes
        and is_one_of_ours
        and all(_raises_on_purpose(one) or _has_wrong_shape(one) for one in wrong)
    )


def _answers_only(sightings: Sequence[Sighting], where: Callable[[Sighting], bool]) -> bool:
    """Whether an answer came exactly there, and most of these answers are right."""
    answered = [one for one in sightings if where(one)]
    others = [one for one in sightings if not where(one)]
    return (
        all(one.raised is None for one in answered)
        and all(map(_raises_on_purpose, others))
        and all(_is_right_call(one) for one in answered if one.family != "shapes")
        and any(map(_is_right_call, answered))
        and len({one.output.shapes for one in others}) > 1
    )


def _is_right_only(sightings: Sequence[Sighting], where: Callable[[Sighting], bool]) -> bool:
    """Whether exactly there the answers are right, and the others have the wrong shape or are exceptions."""
    inside = [one for one in sightings if where(one)]
    outside = [one for one in sightings if not where(one)]
    return (
        all(map(_is_right_call, inside))
        and all(_raises_on_purpose(one) or _has_wrong_shape(one) for one in outside)
        and len({one.output.shapes for one in inside}) > 1
        and len({one.output.shapes for one in outside}) > 1
    )


IN_HARD_CASES: Mapping[str, Callable[[Sequence[Sighting]], bool]] = {
    "integer-buffer": integer_buffer,
    "rounded": rounded_far_out,
    "in-place-on-integers": in_place_on_integers,
    "lost-view": lost_view,
    "memory-order": memory_order,
    "gaps-as-columns": gaps_as_columns,
    "double-buffer": double_buffer,
    "array-upstream-is-per-row": array_upstream_is_per_row,
    "scalar-as-vector": scalar_as_vector,
    "nan-at-saturation": nan_at_saturation,
}
"""Behaviours that show where all ordinary answers are right."""

IN_ORDINARY_CASES: Mapping[str, Callable[[Sequence[Sighting]], bool]] = {
    "half-precision": half_precision,
    "rounded": rounded,
    "scalar-as-vector": scalar_as_vector,
    "squeezed-batch": squeezed_batch,
    "last-row-forgotten": last_row_forgotten,
    "same-shape-assert": same_shape_assert,
    "square-only": square_only,
    "matrices-only": matrices_only,
    "hard-coded-shape": hard_coded_shape,
}
"""Behaviours that explain all ordinary answers."""

NAMES = frozenset({*HABITS.values(), "mutates-argument", "remembers", *IN_HARD_CASES, *IN_ORDINARY_CASES})
"""All names that a behaviour can get."""
