"""Where it is wrong, in a few words: what is said is exactly true, and nothing is said that is not certain."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.checks.axes import axes_pattern, stretched_axes, summed_up
from autograder.checks.patterns import Sight, Size, factor_of, pattern_of
from autograder.exams import Exam
from autograder.records import CheckResult, Outcome, QuestionResult, Report, ReportOutcome
from autograder.render.feedback import explain

Array = np.ndarray[Any, Any]


def message_of(exam: Exam, fault: str, facts: Mapping[str, Any]) -> str:
    """What the student reads of these facts."""
    check = CheckResult("values", Outcome.FAILED, fault=fault, facts=facts)
    question = QuestionResult("q", "q_backward", Outcome.FAILED, 0, 1, "visible", (), (check,))
    report = Report("hw.py", ReportOutcome.GRADED, 0, 1, 0, (), (), (question,))
    return explain(report, exam.catalogue).questions[0].checks[0].message


def seen(wrong: Any, beside: Mapping[str, Any] | None = None, labels: Any = None) -> Sight:
    """An output of which the entries are wrong that have a 1 in `wrong`."""
    mask = np.array(wrong, dtype=bool)
    return Sight(
        shape=mask.shape,
        places=np.arange(mask.size),
        got=np.where(mask.reshape(-1), 2.0, 1.0),
        expected=np.ones(mask.size),
        wrong=mask.reshape(-1),
        near=1e-5,
        beside={name: np.array(values, dtype=float) for name, values in (beside or {}).items()},
        labels=None if labels is None else np.array(labels),
    )


MATRIX = [[0.5, -1.0, 0.0], [2.0, 0.25, -3.0], [0.75, 0.0, 1.0]]

SENTENCES = [
    ("first-row", seen([[1, 1], [0, 0], [0, 0]]), "2 of 6 numbers differ, all in the first row."),
    ("last-row", seen([[0, 0], [0, 0], [1, 1]]), "2 of 6 numbers differ, all in the last row."),
    ("first-column", seen([[1, 0, 0], [1, 0, 0]]), "2 of 6 numbers differ, all in the first column."),
    ("last-column", seen([[0, 0, 1], [0, 0, 1]]), "2 of 6 numbers differ, all in the last column."),
    ("row", seen([[0, 0], [1, 1], [0, 0]]), "2 of 6 numbers differ, all in row 1, counted from 0."),
    ("column", seen([[0, 1, 0], [0, 1, 0]]), "2 of 6 numbers differ, all in column 1, counted from 0."),
    ("diagonal", seen(np.eye(3, 4)), "3 of 12 numbers differ, exactly those of the diagonal."),
    ("off-diagonal", seen(1 - np.eye(3)), "6 of 9 numbers differ, exactly those outside of the diagonal."),
    ("first-number", seen([1, 0, 0]), "1 of 3 numbers differ, only the first one."),
    ("last-number", seen([[0, 0, 0, 1]]), "1 of 4 numbers differ, only the last one."),
    ("first-half", seen([1, 1, 0, 0]), "2 of 4 numbers differ, exactly the first half."),
    ("last-half", seen([0, 0, 0, 1, 1, 1]), "3 of 6 numbers differ, exactly the last half."),
    (
        "target", seen([[0, 0, 1], [1, 0, 0], [0, 0, 1]], labels=[2, 0, 2]),
        "3 of 9 numbers differ, exactly those of the target classes.",
    ),
    (
        "off-target", seen([[1, 1, 0], [0, 1, 1], [1, 1, 0]], labels=[2, 0, 2]),
        "6 of 9 numbers differ, exactly those of the classes that are not the target.",
    ),
    (
        "negative", seen(np.array(MATRIX) < 0, {"a": MATRIX}),
        "2 of 9 numbers differ, exactly where a is negative.",
    ),
    (
        "positive", seen(np.array(MATRIX) > 0, {"a": MATRIX}),
        "5 of 9 numbers differ, exactly where a is positive.",
    ),
    ("zero", seen(np.array(MATRIX) == 0, {"a": MATRIX}), "2 of 9 numbers differ, exactly where a is 0."),
    (
        "above-half", seen(np.array(MATRIX) > 0.5, {"out": MATRIX}),
        "3 of 9 numbers differ, exactly where out is above 0.5.",
    ),
    (
        "below-half", seen(np.array(MATRIX) < 0.5, {"out": MATRIX}),
        "5 of 9 numbers differ, exactly where out is below 0.5.",
    ),
    (
        "beyond", seen(np.abs(100 * np.array(MATRIX)) > 100, {"a": 100 * np.array(MATRIX)}),
        "2 of 9 numbers differ, exactly where a is beyond 100 or -100.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("id", "sight", "sentence"), SENTENCES, ids=[id for id, *_ in SENTENCES])
def test_where_it_is_wrong_is_said(exam: Exam, id: str, sight: Sight, sentence: str) -> None:
    """A student who knows where it is wrong has half of why."""
    pattern = pattern_of(sight, [])
    facts = {"case": "a (2,)", "result": "grad_a", "entry": "[0]", "got": 2.0, "expected": 1.0}
    counts = {"wrong": int(sight.wrong.sum()), "entries": sight.wrong.size}

    assert pattern["pattern"] == id
    assert message_of(exam, "values", {**facts, **counts, **pattern}) == (
        f"For a (2,): grad_a[0] is 2, expected 1. {sentence}"
    )


NOTHING_SAID = {
    "all of it is wrong": (seen(np.ones((2, 3))), []),
    "nothing is": (seen(np.zeros((2, 3))), []),
    "a number more than the row": (seen([[1, 1, 1], [0, 0, 1]]), []),
    "a number less than the row": (seen([[1, 1, 0], [0, 0, 0]]), []),
    "a row here, a column there": (
        seen([[1, 1], [0, 0], [0, 0]]), [seen([[0, 0, 1], [0, 0, 1], [0, 0, 1]])],
    ),
    "another case is all wrong": (seen([[1, 1], [0, 0], [0, 0]]), [seen(np.ones((2, 3)))]),
    "the target, or the diagonal": (seen(np.eye(3), labels=[0, 1, 2]), []),
    "where a is negative, or where b is": (
        seen(np.array(MATRIX) < 0, {"a": MATRIX, "b": 2 * np.array(MATRIX)}), [],
    ),
    "too few numbers to speak of values": (seen([1, 0, 1, 0], {"a": [-1, 1, -1, 1]}), []),
    "a matrix among stacks": (seen([[[1, 0], [1, 0]], [[0, 0], [0, 0]]]), []),
    "half of five": (seen([1, 1, 1, 0, 0]), []),
}  # fmt: skip


@pytest.mark.parametrize(("told", "others"), NOTHING_SAID.values(), ids=NOTHING_SAID)
def test_nothing_is_said_that_is_not_certain(told: Sight, others: list[Sight]) -> None:
    """A wrong description sends a student to the wrong line."""
    assert pattern_of(told, others) == {}


def test_another_case_decides_between_two_descriptions() -> None:
    """The targets lie on the diagonal by chance, and only once."""
    told, other = seen(np.eye(3), labels=[0, 1, 2]), seen([[0, 1, 0], [0, 1, 0]], labels=[1, 1])

    assert pattern_of(told, [other]) == {"pattern": "target"}


def test_a_case_of_one_number_decides_nothing() -> None:
    """It is all wrong, like every wrong number alone."""
    assert pattern_of(seen(1 - np.eye(3)), [seen([[1]])]) == {"pattern": "off-diagonal"}


def test_a_large_case_counts_as_far_as_it_was_looked_at() -> None:
    """Of a large result some entries are compared; the description must fit these, too."""
    told = seen([[0, 0, 0], [0, 0, 0], [1, 1, 1]])
    places, mask = np.array([0, 5, 55, 58]), np.array([False, False, True, True])
    large = Sight((6, 10), places, np.ones(4), np.ones(4), mask, 1e-5)
    other = Sight((6, 10), places, np.ones(4), np.ones(4), ~mask[[0, 2, 1, 3]], 1e-5)

    assert pattern_of(told, [large]) == {"pattern": "last-row"}
    assert pattern_of(told, [other]) == {}
    assert pattern_of(large, [told]) == {}


# ---- what is said is true ----------------------------------------------------------------------------------

At = tuple[int, ...]
TRUTHS: Mapping[str, Callable[[At, Sight, Mapping[str, Any]], bool]] = {
    "first-row": lambda at, sight, facts: at[0] == 0,
    "last-row": lambda at, sight, facts: at[0] == sight.shape[0] - 1,
    "first-column": lambda at, sight, facts: at[1] == 0,
    "last-column": lambda at, sight, facts: at[1] == sight.shape[1] - 1,
    "row": lambda at, sight, facts: at[0] == facts["row"],
    "column": lambda at, sight, facts: at[1] == facts["column"],
    "diagonal": lambda at, sight, facts: at[0] == at[1],
    "off-diagonal": lambda at, sight, facts: at[0] != at[1],
    "first-number": lambda at, sight, facts: sum(at) == 0,
    "last-number": lambda at, sight, facts: max(at) == max(sight.shape) - 1,
    "first-half": lambda at, sight, facts: max(at) < max(sight.shape) // 2,
    "last-half": lambda at, sight, facts: max(at) >= max(sight.shape) // 2,
    "target": lambda at, sight, facts: sight.labels is not None and at[1] == sight.labels[at[0]],
    "off-target": lambda at, sight, facts: sight.labels is not None and at[1] != sight.labels[at[0]],
    "negative": lambda at, sight, facts: sight.beside[facts["argument"]][at] < 0,
    "positive": lambda at, sight, facts: sight.beside[facts["argument"]][at] > 0,
    "zero": lambda at, sight, facts: sight.beside[facts["argument"]][at] == 0,
    "above-half": lambda at, sight, facts: sight.beside["out"][at] > 0.5,
    "below-half": lambda at, sight, facts: sight.beside["out"][at] < 0.5,
    "beyond": lambda at, sight, facts: abs(sight.beside[facts["argument"]][at]) > facts["bound"],
}
NUMBERS = st.sampled_from([-0.0, 0.0, -1.0, 0.25, 0.75, 50.0, -500.0, math.nan, math.inf])


@st.composite
def sights(draw: st.DrawFn) -> Sight:
    """Outputs of any shape, empty ones and single numbers too, with a mask that is random or made by a rule."""
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    beside = {name: draw(hnp.arrays(float, shape, elements=NUMBERS)) for name in ("out", "a")}
    rows = shape[0] if shape else 1
    labels = draw(st.none() | hnp.arrays(np.int64, rows, elements=st.integers(0, 3)))
    mask = draw(
        hnp.arrays(bool, shape)
        | st.sampled_from([values < 0 for values in beside.values()])
        | st.just(np.eye(*shape, dtype=bool) if len(shape) == 2 else np.zeros(shape, dtype=bool))
        | st.just(np.arange(math.prod(shape)).reshape(shape) < shape[-1] if shape else np.zeros(shape, dtype=bool))
    )
    return seen(mask, beside, labels)


@given(sights(), st.lists(sights(), max_size=2))
def test_what_is_said_is_true_of_exactly_the_wrong_numbers(told: Sight, others: list[Sight]) -> None:
    """Entry by entry, by another definition: each wrong one is named, and no right one is."""
    facts = pattern_of(told, others)

    if facts:
        is_named = [TRUTHS[facts["pattern"]](at, told, facts) for at in np.ndindex(told.shape)]
        assert is_named == told.wrong.tolist()
        assert 0 < sum(is_named) < len(is_named)


def test_every_pattern_has_its_truth() -> None:
    """What is not compared above may be said wrongly."""
    assert set(TRUTHS) == {id for id, *_ in SENTENCES}


# ---- one factor --------------------------------------------------------------------------------------------


def times(factor: float, shape: tuple[int, ...], rows: int = 0, columns: int = 0) -> Sight:
    """An output with this factor in all numbers, in a case with so many rows and columns."""
    expected = np.linspace(-1.0, 2.0, math.prod(shape))
    sizes = (Size("N", rows, "rows", "logits"), Size("V", columns, "columns", "logits")) if rows else ()
    got = np.where(expected == 0, 0.0, factor)
    got[expected != 0] *= expected[expected != 0]
    return Sight(shape, np.arange(expected.size), got, expected, got != expected, 1e-5, sizes=sizes)


FACTORS = [
    ("opposite", [times(-1, (3,)), times(-1, (4, 2))], "Each number is the opposite of what is expected."),
    ("times", [times(2, (3,)), times(2, (4, 2))], "Each number is 2 times what is expected."),
    ("times", [times(0.5, (3,)), times(0.5, (5,))], "Each number is 1/2 times what is expected."),
    ("times", [times(math.log(2), (3,)), times(math.log(2), (5,))], "Each number is ln 2 times what is expected."),
    (
        "times-rows", [times(4, (4, 3), 4, 3), times(5, (5, 3), 5, 3)],
        "Each number is N times what is expected (N = 4, the rows of logits).",
    ),
    (
        "times-columns", [times(1 / 3, (4, 3), 4, 3), times(1 / 6, (4, 6), 4, 6)],
        "Each number is 1/V times what is expected (V = 3, the columns of logits).",
    ),
    (
        "times-rows", [times(2, (4, 3), 4, 3), times(3, (9, 3), 9, 3)],
        "Each number is √N times what is expected (N = 4, the rows of logits).",
    ),
    (
        "times-rows", [times(0.5, (4, 3), 4, 3), times(1 / 3, (9, 3), 9, 3)],
        "Each number is 1/√N times what is expected (N = 4, the rows of logits).",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("id", "sights", "sentence"), FACTORS, ids=[sentence for *_, sentence in FACTORS])
def test_one_factor_in_all_numbers_is_said(exam: Exam, id: str, sights: list[Sight], sentence: str) -> None:
    """A number that is the same everywhere is easier to look for than a wrong gradient."""
    told, *others = sights
    factor = factor_of(told, others)
    facts = {"case": "a (2,)", "result": "grad_a", "entry": "[0]", "got": 2.0, "expected": 1.0}

    assert factor["pattern"] == id
    assert message_of(exam, "values", {**facts, "wrong": 3, "entries": 3, **factor}) == (
        f"For a (2,): grad_a[0] is 2, expected 1. 3 of 3 numbers differ. {sentence}"
    )


def test_a_factor_may_follow_how_many_numbers_arrive(exam: Exam) -> None:
    """Without letters, the numbers of the upstream gradient are what can be counted."""
    sights = [
        Sight((size,), np.arange(size), np.ones(size) / size, np.ones(size), np.ones(size, dtype=bool), 1e-5,
              sizes=(Size("n", 1, "rows", "grad_out"), Size("n", size, "count", "grad_out")))
        for size in (3, 5)
    ]  # fmt: skip
    facts = {"case": "a (2,)", "result": "grad_a", "entry": "[0]", "got": 2.0, "expected": 1.0}

    assert message_of(exam, "values", {**facts, "wrong": 3, "entries": 3, **factor_of(sights[0], sights[1:])}) == (
        "For a (2,): grad_a[0] is 2, expected 1. 3 of 3 numbers differ. Each number is 1/n times what is expected "
        "(n = 3, the numbers in grad_out)."
    )


NO_FACTOR = {
    "one shape": [times(2, (3,)), times(2, (3,))],
    "another factor in another case": [times(2, (3,)), times(3, (4,))],
    "right numbers": [times(1, (3,)), times(1, (4,))],
    "zeros": [times(0, (3,)), times(0, (4,))],
    "nan": [times(math.nan, (3,)), times(math.nan, (4,))],
    "infinite": [times(math.inf, (3,)), times(math.inf, (4,))],
    "rows that are as many as columns": [times(4, (4, 4), 4, 4), times(5, (5, 5), 5, 5)],
    "expected nothing but zeros": [times(2, (0,)), times(2, (0, 3))],
    "no factor at all": [seen([[1, 0], [0, 0]]), seen([1, 0, 0])],
}


@pytest.mark.parametrize("sights", NO_FACTOR.values(), ids=NO_FACTOR)
def test_no_factor_is_said_that_is_not_certain(sights: list[Sight]) -> None:
    """In one case, any number explains as much as any other."""
    told, *others = sights

    assert factor_of(told, others) == {}


# ---- shapes ------------------------------------------------------------------------------------------------

SHAPES = [
    ("extra-axis", (5, 3), (3,), (), "It has one axis too many, axis 0."),
    ("extra-axis", (3, 3), (3,), (0,), "It has one axis too many, axis 0."),
    ("extra-axes", (2, 3, 4), (4,), (), "It has axes too many: 0, 1."),
    ("long-axis", (4, 3), (4, 1), (), "Axis 1 is too long: it should have length 1."),
    ("long-axes", (2, 3, 4), (1, 3, 1), (), "The axes 0, 2 are too long: they should have length 1."),
    ("transposed", (3, 4), (4, 3), (), "These are the axes of b in the other order."),
    ("axis-gone", (5,), (4, 5), (), "Axis 0 of b is gone."),
    ("axes-gone", (4,), (2, 3, 4), (), "The axes 0, 1 of b are gone."),
    ("one-gone", (3,), (1, 3), (), "An axis of length 1 is gone."),
    ("ones-gone", (), (1, 1), (), "Axes of length 1 are gone."),
    ("one-number", (), (4, 5), (), "It is a single number."),
    ("flat", (12,), (3, 4), (), "The numbers are in one row: the axes of b are gone."),
]


@pytest.mark.parametrize(
    ("id", "got", "expected", "summed_over", "sentence"), SHAPES, ids=[f"{got}-{want}" for _, got, want, *_ in SHAPES]
)
def test_what_is_the_matter_with_a_shape_is_said(
    exam: Exam, id: str, got: At, expected: At, summed_over: At, sentence: str
) -> None:
    """Two shapes side by side are read faster when somebody points at the axis."""
    facts = {"case": "a (2,)", "result": "grad_b", "operand": "b", "got": str(got), "expected": str(expected)}
    axes = axes_pattern(got, expected, summed_over)

    assert axes["pattern"] == id
    assert message_of(exam, "shape", {**facts, **axes}) == (
        f"For a (2,): grad_b has shape {got}, expected {expected}, the shape of b. {sentence}"
    )


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        ((3, 3), (3,)), ((2,), (2, 2)), ((5, 3), (4, 3)), ((3, 1), (1, 3)), ((2, 3, 4), (3, 1)), ((4,), (3,)),
        ((0,), ()), ((12, 20), (3, 5)), ((2,), (0, 3)),
    ],
)  # fmt: skip
def test_nothing_is_said_of_a_shape_that_may_have_come_about_in_many_ways(got: At, expected: At) -> None:
    """Of two axes of the same length nobody knows which one is gone. An empty result has lost what it had."""
    assert axes_pattern(got, expected) in ({}, {"pattern": "extra-axis", "axes": "0"} if not expected else {})


@given(
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
)
def test_no_pair_of_shapes_is_too_odd(got: At, expected: At) -> None:
    """Whatever a student returns, and where broadcasting is said to have stretched something, it has."""
    axes_pattern(got, expected)
    axes = stretched_axes(got, expected)

    if axes:
        assert np.zeros(got).sum(axis=axes).size == math.prod(expected)
        assert np.broadcast_shapes(got, expected) == got


def test_numbers_that_only_need_adding_up_are_added_up() -> None:
    """The picture is the explanation: below the returned rows, their sum is what is expected."""
    got = np.arange(6.0).reshape(2, 3)

    assert np.array_equal(summed_up(got, np.array([3.0, 5.0, 7.0]), 1e-9), [3.0, 5.0, 7.0])
    assert np.array_equal(summed_up(got, np.array([[3.0], [12.0]]), 1e-9), [[3.0], [12.0]])
    assert summed_up(got, np.array([3.0, 5.0, 8.0]), 1e-9) is None
    assert summed_up(got, got, 1e-9) is None
    assert summed_up(np.full((2, 3), math.nan), np.zeros(3), 1e-9) is None


def test_every_sentence_on_patterns_has_an_example(exam: Exam) -> None:
    """A message that was never seen is decoration."""
    shown = {id for id, *_ in (*SENTENCES, *FACTORS, *SHAPES)} | {"times-count"}

    assert {id for id in exam.catalogue.words if id.startswith("pattern-")} == {f"pattern-{id}" for id in shown}
