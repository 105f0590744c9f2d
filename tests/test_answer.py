"""What a function is called with, and what is written down of what it did: the same by the short way and the long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.answer import MOST_DIMENSIONS, MOST_VALUES, answer_case, lay_out, plan_of, quiet, scalar_function
from autograder.exams import Exam
from autograder.records import Argument, Array, Call, Case, CaseAnswer, Slot

NUMBERS = np.arange(12.0).reshape(3, 4)


def case_of(*arguments: Argument, slots: tuple[Slot, ...] = (), calls: tuple[str, ...] = ("fresh",)) -> Case:
    """A case whose calls are all made with these arguments."""
    slots = slots or tuple(Slot() for _ in arguments)
    return Case("q", "f", "values", "", tuple(Call(arguments, (), np.ones(()), arrays) for arrays in calls), slots)


def answer_of(function: Callable[..., Any], case: Case) -> CaseAnswer:
    with quiet():
        return answer_case(function, case, {})


# ---- arguments ---------------------------------------------------------------------------------------------


def looks(array: Any) -> tuple[Any, ...]:
    """All that a student could see of an argument, but for its place in memory."""
    layout = () if isinstance(array, np.generic) else (array.strides, array.flags.writeable, array.flags.owndata)
    return (type(array), array.dtype, array.shape, array.tobytes(), *layout)


def test_what_is_made_by_plan_is_what_is_laid_out(exam: Exam) -> None:
    """A plan knows beforehand how each argument is made, and makes nothing else, twice as well as once."""
    planned = [call for case in exam.deck.cases for call in plan_of(case).calls if call.call.arrays == "fresh"]

    for one in planned:
        for argument, make in zip(one.call.arguments, one.makers):
            first, second = make(), make()
            assert looks(first) == looks(second) == looks(lay_out(argument))
            assert isinstance(first, np.generic) or not np.shares_memory(first, second)
            assert isinstance(first, np.generic) or not np.shares_memory(first, argument.values)


def test_arguments_are_one_object_only_where_the_case_says_so() -> None:
    """`f(x, x)` is a case of its own; equal numbers in two arrays are not."""
    seen: list[bool] = []
    twice = (Argument(NUMBERS), Argument(NUMBERS), Argument(NUMBERS, same_as=0))

    answer_of(lambda a, b, c: seen.append((a is b, a is c)), case_of(*twice, calls=("fresh", "same", "fresh")))

    assert seen == [(False, True)] * 3


def write(a: Array) -> None:
    a[0, 0] = 7.0


def reshape(a: Array) -> None:
    a.shape = (12,)


def reinterpret(a: Array) -> None:
    a.dtype = np.dtype(np.int64)


def resize(a: Array) -> None:
    a.resize((2, 4), refcheck=False)


WRITTEN = np.array([7.0, *range(1, 12)]).tobytes()
LEFT = [
    pytest.param(lambda a: a + 1, NUMBERS.tobytes(), id="nothing"),
    pytest.param(write, WRITTEN, id="written"),
    pytest.param(lambda a: a.sort(axis=0), NUMBERS.tobytes(), id="sorted-already"),
    pytest.param(lambda a: a.setflags(write=False), NUMBERS.tobytes(), id="locked"),
    pytest.param(reshape, None, id="reshaped"),
    pytest.param(reinterpret, None, id="reinterpreted"),
    pytest.param(resize, None, id="resized"),
]


@pytest.mark.parametrize("layout", ["C", "F", "strided"])
@pytest.mark.parametrize(("function", "left"), LEFT)
def test_what_became_of_an_argument_is_told(function: Callable[[Any], Any], left: bytes | None, layout: str) -> None:
    """The bytes of its numbers in C order, in any layout; nothing where it is no such array any more."""
    answer = answer_of(function, case_of(Argument(NUMBERS, layout)))

    if answer.replies[0].raised is None:  # not every layout can be reshaped or resized in place
        assert answer.arguments == (left,)
    else:
        assert answer.arguments == (NUMBERS.tobytes(),)


class Own(np.ndarray):
    """A class of a student's."""


class Liar:
    """Neither an array nor like one, but for what it says."""

    shape, dtype = NUMBERS.shape, NUMBERS.dtype


IN_A_LIST = [
    pytest.param(NUMBERS.copy(), NUMBERS.tobytes(), id="an-equal-array"),
    pytest.param(NUMBERS.view(Own), NUMBERS.tobytes(), id="an-equal-array-of-another-class"),
    pytest.param(NUMBERS + 1, (NUMBERS + 1).tobytes(), id="another-array"),
    pytest.param(NUMBERS.T, None, id="another-shape"),
    pytest.param(NUMBERS.astype(np.float32), None, id="another-dtype"),
    pytest.param(None, None, id="nothing"),
]


@pytest.mark.parametrize(("put", "left"), IN_A_LIST)
def test_what_is_left_in_a_list_is_told(put: Any, left: bytes | None) -> None:
    """A list can hold anything afterwards; what counts is whether it holds the same numbers."""

    def function(a: list[Any], b: Any) -> None:
        a[0] = put

    case = case_of(Argument(NUMBERS), Argument(NUMBERS), slots=(Slot("list"), Slot()))

    assert answer_of(function, case).arguments == (None if left is None else left + NUMBERS.tobytes(),)


# ---- results -----------------------------------------------------------------------------------------------

BIG_ENDIAN = NUMBERS.astype(">f8")
MARKED = NUMBERS.astype(np.dtype(np.float64, metadata={"unit": "m"}))
LOCKED = NUMBERS.copy()
LOCKED.setflags(write=False)

SAME_NUMBERS = [
    pytest.param(NUMBERS, id="plain"),
    pytest.param(np.asfortranarray(NUMBERS), id="fortran"),
    pytest.param(np.repeat(NUMBERS, 2, axis=1)[:, ::2], id="strided"),
    pytest.param(LOCKED, id="read-only"),
    pytest.param(BIG_ENDIAN, id="big-endian"),
    pytest.param(MARKED, id="another-object-for-its-dtype"),
    pytest.param(NUMBERS.view(Own), id="a-class-of-its-own"),
    pytest.param(NUMBERS.astype(np.float32), id="float32"),
    pytest.param(NUMBERS.astype(np.int16), id="integers"),
    pytest.param(NUMBERS.astype(np.longdouble), id="long-double"),
    pytest.param(NUMBERS.tolist(), id="rows"),
]


@pytest.mark.parametrize("given", SAME_NUMBERS)
def test_numbers_are_written_down_as_float64_in_c_order(given: Any) -> None:
    """Whatever they came in, they are a plain array of our own, which nobody can change any more."""
    (reply,) = answer_of(lambda a: (given,), case_of(Argument(NUMBERS))).replies
    (value,) = reply.values

    assert (reply.container, value.kind, value.shape) == ("tuple", "array", NUMBERS.shape)
    assert value.data is not None
    assert looks(value.data) == looks(NUMBERS.copy())
    assert not (isinstance(given, np.ndarray) and np.shares_memory(value.data, given))


LARGEST = plan_of(case_of(Argument(NUMBERS))).largest
NO_NUMBERS = [
    pytest.param(np.broadcast_to(0.0, (10**6, 10**3)), (10**6, 10**3), id="a-billion-that-are-one"),
    pytest.param(np.zeros(LARGEST + 1), (LARGEST + 1,), id="one-too-many"),
    pytest.param(np.zeros((0, 10**9)), (0, 10**9), id="an-empty-giant"),
    pytest.param(np.zeros((1,) * (MOST_DIMENSIONS + 1)), (1,) * MOST_DIMENSIONS, id="too-many-dimensions"),
]


@pytest.mark.parametrize(("given", "shape"), NO_NUMBERS)
def test_what_is_too_large_is_told_by_its_shape(given: Array, shape: tuple[int, ...]) -> None:
    """No answer makes the grader hold more numbers than a wrong shape needs to be explained."""
    (reply,) = answer_of(lambda a: given, case_of(Argument(NUMBERS))).replies
    (value,) = reply.values

    assert (value.kind, value.shape, value.data) == ("array", shape, None)


@pytest.mark.parametrize(
    "given", [np.zeros(LARGEST), np.zeros((1,) * MOST_DIMENSIONS), np.zeros((0, 3))], ids=["large", "deep", "empty"]
)
def test_what_just_fits_is_told_with_its_numbers(given: Array) -> None:
    """The bounds themselves are still within, and an empty array is an array."""
    (reply,) = answer_of(lambda a: given, case_of(Argument(NUMBERS))).replies

    assert reply.values[0].data is not None
    assert looks(reply.values[0].data) == looks(given)


@pytest.mark.parametrize(("count", "told"), [(MOST_VALUES, MOST_VALUES), (MOST_VALUES + 1, 0)])
@pytest.mark.parametrize("container", [tuple, list])
def test_a_long_container_is_told_without_its_values(container: type, count: int, told: int) -> None:
    """It is no gradient, and may go on without an end."""
    (reply,) = answer_of(lambda a: container([1.0] * count), case_of(Argument(NUMBERS))).replies

    assert (reply.container, len(reply.values)) == (container.__name__, told)


@pytest.mark.parametrize("hole", [0, 1, 2])
def test_a_scalar_function_is_the_weighted_sum_of_its_forward(hole: int) -> None:
    """With x at its place among the other operands, as a list or as a number of any kind."""

    def forward(a: Array, b: Array, c: Array) -> Array:
        return np.asarray(a + 10.0 * b + 100.0 * c)

    f = scalar_function(forward, np.array([1.0, 2.0]), [np.array([3.0, 4.0]), np.array([5.0, 6.0])], hole)
    operands: list[Any] = [np.array([3.0, 4.0]), np.array([5.0, 6.0])]
    operands.insert(hole, np.array([7.0, 8.0]))

    assert f([7, 8]) == float(np.sum(np.array([1.0, 2.0]) * forward(*operands)))
    assert type(f(np.float32(1.0))) is float
