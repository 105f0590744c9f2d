"""What stands beside the sentence: the case to paste, the numbers, and where the first wrong one comes from."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import jsonschema
import numpy as np
import pytest

from autograder.answer import answer, lay_out, scalar_function
from autograder.checks.compare import compare
from autograder.checks.evidence import MOST_INPUTS, as_list
from autograder.checks.gradient import check_question
from autograder.checks.paste import WIDTH, call_line, input_lines
from autograder.exams import Exam
from autograder.judging import judge, make_report
from autograder.records import Argument, Call, Case, CheckResult, Question, Report, Slot
from autograder.render.card import render_report
from autograder.render.evidence import evidence_lines
from autograder.render.feedback import load_screen_words
from conftest import ROOT, SOLUTIONS, functions_of

WORDS = load_screen_words("en").evidence

NAMES = ("unbroadcast", "add", "multiply", "sigmoid", "matmul", "softmax_cross_entropy", "sgd_step", "numeric_gradient")


def report_of(exam: Exam, source: str) -> Report:
    """The report on these functions alone, called in this process."""
    namespace: dict[str, Any] = {"np": np}
    exec(source, namespace)
    functions = {name: value for name, value in namespace.items() if callable(value)}
    answers = answer(functions, exam.deck, exam.assignment)
    return make_report(exam, "hw.py", answers, judge(exam, answers))


def check_of(exam: Exam, question: str, family: str, source: str) -> CheckResult:
    """One check of one question, for a function given by its source."""
    result = next(one for one in report_of(exam, source).questions if one.name == question)
    return next(check for check in result.checks if check.name == family)


# ---- the case to paste -------------------------------------------------------------------------------------


def small_cases(exam: Exam, name: str) -> Iterator[tuple[Question, Case]]:
    question = next(one for one in exam.assignment.questions if one.name == name)
    for case in exam.deck.cases:
        if case.question == name and sum(one.values.size for one in case.calls[0].arguments) <= MOST_INPUTS:
            yield question, case


def pasted(exam: Exam, question: Question, case: Case) -> dict[str, Any]:
    """The names that the lines make in a notebook in which the forward functions are defined."""
    cell: dict[str, Any] = {"np": np, **exam.assignment.forwards}
    exec("\n".join(input_lines(question, case)), cell)
    return cell


def assert_same_array(made: Any, argument: Argument) -> None:
    drawn = lay_out(argument)
    assert type(made) is type(drawn)
    assert (made.dtype, made.shape) == (drawn.dtype, drawn.shape)
    steps = list(zip(made.shape, made.strides, drawn.strides))
    assert all(one == other for size, one, other in steps if size > 1)  # along a single entry, nothing is stepped over
    assert made.tobytes() == drawn.tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_pasted_lines_make_the_very_arrays_that_were_drawn(exam: Exam, name: str) -> None:
    """To the last bit, dtype and memory layout: else the mistake may not show in the student's cell."""
    for question, case in small_cases(exam, name):
        cell, rest = pasted(exam, question, case), iter(case.calls[0].arguments)
        for argument, slot in zip(question.arguments or question.receives, case.slots):
            taken = list(islice(rest, slot.size))
            made = cell[argument]
            if slot.kind == "function":
                assert_same_function(exam, made, slot, taken, case)
            elif slot.kind == "shape":
                assert made == tuple(taken[0].values.tolist())
            elif slot.kind == "list":
                assert len(made) == len(taken)
                for one, array in zip(taken, made):
                    assert_same_array(array, one)
            elif taken[0].same_as is None:
                assert_same_array(made, taken[0])
            else:
                assert made is cell["a"]


def assert_same_function(exam: Exam, f: Callable[[Any], float], slot: Slot, taken: list[Argument], case: Case) -> None:
    weights, *others = [lay_out(argument) for argument in taken]
    drawn = scalar_function(exam.assignment.forwards[slot.forward], weights, others, slot.hole)
    x = case.calls[0].arguments[-1].values
    assert f(x) == drawn(x)


@pytest.mark.parametrize("name", NAMES)
def test_no_pasted_line_is_wider_than_a_narrow_terminal(exam: Exam, name: str) -> None:
    """A line that the terminal breaks is no longer Python. Layouts are one long expression, and rare."""
    for question, case in small_cases(exam, name):
        for line in input_lines(question, case):
            assert len(line) <= (80 if is_one_expression(line) else WIDTH), line


@pytest.mark.parametrize(
    ("values", "layout", "lines"),
    [
        (np.array(-0.0), "C", ["x = np.array(-0.0)"]),
        (np.array(2.5, np.float32), "scalar", ["x = np.float32(2.5)"]),
        (np.array([1, 2], np.uint8), "C", ["x = np.array([1, 2], dtype=np.uint8)"]),
        (np.array([True, False]), "C", ["x = np.array([True, False])"]),
        (np.array([0.1], np.float32), "C", ["x = np.array([0.1], dtype=np.float32)"]),
        (np.zeros((0, 3)), "C", ["x = np.zeros((0, 3))"]),
        (np.eye(2), "F", ["x = np.array([[1.0, 0.0], [0.0, 1.0]])", "x = np.asfortranarray(x)"]),
        (
            np.eye(2), "strided",
            ["x = np.array([[1.0, 0.0], [0.0, 1.0]])", "x = x.repeat(2, axis=0).repeat(2, axis=1)[::2, ::2]"],
        ),
        (
            np.ones((2, 2)), "repeated",
            ["x = np.array([[1.0, 1.0], [1.0, 1.0]])", "x = np.broadcast_to(x[:1], x.shape)"],
        ),
        (
            np.full((2, 1, 3), 1 / 3), "C",
            ["x = np.array([", "    [", "        [0.3333333333333333, 0.3333333333333333,",
             "         0.3333333333333333],", "    ],", "    [", "        [0.3333333333333333, 0.3333333333333333,",
             "         0.3333333333333333],", "    ],", "])"],
        ),
    ],
)  # fmt: skip
def test_every_kind_of_array_has_its_line(values: Any, layout: str, lines: list[str]) -> None:
    """The lines are Python, and what they make is the array."""
    question = Question("q", "f", "g", ("x",), ("x",), (), {}, ())
    call = Call((Argument(values, layout),), (values,), values)

    assert input_lines(question, Case("q", "f", "values", "", (call,), (Slot(),))) == lines
    cell: dict[str, Any] = {"np": np}
    exec("\n".join(lines), cell)
    assert_same_array(cell["x"], Argument(values, layout))


def test_the_call_names_the_arguments_as_the_student_does(exam: Exam) -> None:
    """The line after the arrays is the one that shows the mistake."""
    asked = [question for question in exam.assignment.questions if question.function]
    assert {question.name: call_line(question) for question in asked} == {
        "unbroadcast": "unbroadcast(grad, shape)",
        "add": "add_backward(grad_out, a, b)",
        "multiply": "multiply_backward(grad_out, a, b)",
        "sigmoid": "sigmoid_backward(grad_out, out)",
        "matmul": "matmul_backward(grad_out, a, b)",
        "softmax_cross_entropy": "softmax_cross_entropy_backward(grad_out, logits, targets)",
        "sgd_step": "sgd_step(params, grads, lr)",
        "numeric_gradient": "numeric_gradient(f, x)",
    }


# ---- the case that is told ---------------------------------------------------------------------------------

RIGHT_MULTIPLY = """
def unbroadcast(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    return grad.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
"""

TOLD = [
    ("multiply", "values", "def multiply_backward(grad_out, a, b): return grad_out, grad_out", "a (6,), b (6,)"),
    (
        "multiply", "hard", RIGHT_MULTIPLY + "def multiply_backward(grad_out, a, b):\n"
        "    g, h = grad_out * b, grad_out * a\n"
        "    return unbroadcast(g, a.shape) + (b.ndim == 0), unbroadcast(h, b.shape)", "a (5,), b ()",
    ),
    (
        "multiply", "hard", RIGHT_MULTIPLY + "def multiply_backward(grad_out, a, b):\n"
        "    g, h = grad_out * b, grad_out * a\n"
        "    return unbroadcast(g, a.shape), unbroadcast(h, b.shape) + (a.ndim + b.ndim == 0)", "a (), b ()",
    ),
    ("sigmoid", "values", "def sigmoid_backward(grad_out, out): return grad_out", "x (5, 3)"),
    (
        "sigmoid", "values", "def sigmoid_backward(grad_out, out):\n"
        "    return np.clip(grad_out, -5, 5) * out * (1 - out)", "x (3, 4), grad_out (large)",
    ),
    (
        "unbroadcast", "shapes", "def unbroadcast(grad, shape): return grad", "grad (4, 3), shape (4, 1)",
    ),
    ("matmul", "shapes", "def matmul_backward(grad_out, a, b): return (grad_out @ b.T).T, (a.T @ grad_out).T",
     "a (1, 3), b (3, 4)"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "family", "source", "case"), TOLD, ids=[f"{q}-{case}" for q, *_, case in TOLD])
def test_the_case_is_told_that_teaches_most(exam: Exam, question: str, family: str, source: str, case: str) -> None:
    """Small, with several numbers, nothing special about it if that can be, and no axes that hide a transposition."""
    assert check_of(exam, question, family, source).facts["case"] == case


# ---- facts -------------------------------------------------------------------------------------------------


def test_the_facts_of_wrong_numbers(exam: Exam) -> None:
    """All that a page or a notebook needs to draw: what was expected, what came back, and which of it is wrong."""
    facts = check_of(
        exam, "sigmoid", "values",
        "def sigmoid_backward(grad_out, out):\n    grad = grad_out * out * (1 - out)\n"
        "    return np.where(out > 0.5, grad_out, grad)",
    ).facts  # fmt: skip
    cell: dict[str, Any] = {"np": np}
    exec("\n".join(facts["inputs"]), cell)
    grad_out, out = cell["grad_out"], cell["out"]
    right = grad_out * out * (1 - out)

    assert (facts["pattern"], facts["argument"], facts["call"]) == (
        "above-half", "out", "sigmoid_backward(grad_out, out)",
    )  # fmt: skip
    assert np.allclose(facts["expected_array"], right, rtol=1e-12)
    assert facts["got_array"] == np.where(out > 0.5, grad_out, right).tolist()
    assert facts["wrong_entries"] == np.flatnonzero(out > 0.5).tolist()
    first = np.unravel_index(facts["wrong_entries"][0], out.shape)
    assert facts["at"] == {"grad_out": grad_out[first], "out": out[first]}
    assert facts["entry"] == f"[{first[0]}, {first[1]}]"


def test_the_facts_of_a_missing_sum(exam: Exam) -> None:
    """The returned rows, added up, are what is expected."""
    check = check_of(
        exam, "multiply", "shapes", "def multiply_backward(grad_out, a, b): return grad_out * b, grad_out * a"
    )
    facts = check.facts

    assert check.message.endswith(
        "For a (2, 3), b (1, 3): grad_b has shape (2, 3), expected (1, 3), the shape of b. "
        "Axis 0 is too long: it should have length 1."
    )
    assert facts["sum_axis"] == [0]
    assert np.allclose(facts["summed"], facts["expected_array"])
    assert np.shape(facts["got_array"]) == (2, 3)
    assert np.allclose(np.sum(facts["got_array"], axis=0, keepdims=True), facts["summed"])


@pytest.mark.parametrize(
    ("question", "source", "sizes"),
    [
        ("matmul", "def matmul_backward(grad_out, a, b): return grad_out @ b.T + 1, a.T @ grad_out",
         {"grad_out": 2, "b": 2}),
        ("matmul", "def matmul_backward(grad_out, a, b): return grad_out @ b.T, a.T @ grad_out + 1",
         {"grad_out": 2, "a": 2}),
        ("softmax_cross_entropy", "def softmax_cross_entropy_backward(grad_out, logits, targets): return logits",
         {"grad_out": 1, "logits": 6, "targets": 1}),
        (
            "softmax_cross_entropy",
            "def softmax_cross_entropy_backward(grad_out, logits, targets):\n"
            "    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)\n"
            "    p[np.arange(len(targets)), targets] -= 1\n    p[:, 1] += 1\n    return grad_out * p / len(targets)",
            {"grad_out": 1, "logits": 6, "targets": 1},
        ),
        ("sgd_step", "def sgd_step(params, grads, lr): return [p - g for p, g in zip(params, grads)]",
         {"params[0]": 1, "grads[0]": 1, "lr": 1}),
        ("add", "def add_backward(grad_out, a, b): return 2 * grad_out, grad_out", {"grad_out": 1}),
        ("multiply", "def multiply_backward(grad_out, a, b): return 2 * grad_out, grad_out", {"grad_out": 1, "b": 1}),
        ("unbroadcast", "def unbroadcast(grad, shape): return np.ones(shape)", {"grad": 5}),
    ],
)  # fmt: skip
def test_what_the_first_wrong_entry_is_made_of(exam: Exam, question: str, source: str, sizes: dict[str, int]) -> None:
    """Found out from the forward function alone: the row and the column of a product, the logits of one example."""
    facts = check_of(exam, question, "values", source).facts

    assert {name: np.size(numbers) for name, numbers in facts["at"].items()} == sizes


def test_numbers_that_are_not_finite_are_counted_and_placed(exam: Exam) -> None:
    """Where it overflows is half of why it does."""
    source = "def sigmoid_backward(grad_out, out): return grad_out * out * out * (1 - out) / out"

    assert check_of(exam, "sigmoid", "hard", source).message == (
        "grad_x is not a number where the output is exactly 0 or 1. Far out the sigmoid rounds to 0 or 1; a division "
        "by it, or a logarithm of it, has no value there, and the slope is simply 0. For x (6,) (saturated): grad_x[3] "
        "is nan, expected 0. 2 of 6 numbers are nan or inf, exactly where out is 0."
    )


def test_a_numeric_gradient_is_told_x_alone(exam: Exam) -> None:
    """What f is made of is not among its arguments."""
    facts = check_of(exam, "numeric_gradient", "verdicts", "def numeric_gradient(f, x): return np.zeros(x.shape)").facts

    assert list(facts["at"]) == ["x"]
    assert facts["inputs"][-1].startswith("x = ") or "x = np.array([" in facts["inputs"]


def test_numbers_that_json_has_no_word_for_are_words() -> None:
    """The document stays strict JSON, whatever a student returns."""
    values = np.array([[math.nan, 1.0], [math.inf, -math.inf]])

    assert as_list(values) == [["nan", 1.0], ["inf", "-inf"]]
    assert as_list(np.array(-0.0)) == 0.0
    assert as_list(np.zeros((0, 3))) == []


ODD = {
    "nan": "np.full(out.shape, np.nan)",
    "inf": "np.full(out.shape, -np.inf)",
    "largest": "np.where(np.arange(out.size) % 2, 1.7e308, -1.7e308).reshape(out.shape)",
    "empty": "np.zeros((0, 3))",
    "a number": "1.5",
    "a large array": "np.zeros((400, 400))",
    "eight axes": "np.zeros((1,) * 8)",
    "negative zero": "np.full(out.shape, -0.0)",
    "True": "np.ones(out.shape, dtype=bool)",
}


@pytest.mark.parametrize("returned", ODD.values(), ids=ODD)
def test_whatever_comes_back_has_evidence_in_strict_json(exam: Exam, returned: str) -> None:
    """The call is the first thing that is written down: where it is, nothing was given up on the way."""
    check = check_of(exam, "sigmoid", "values", f"def sigmoid_backward(grad_out, out): return {returned}")
    schema = json.loads((ROOT / "autograder" / "results.schema.json").read_text(encoding="utf-8"))

    facts = json.loads(json.dumps(check.facts, allow_nan=False))

    assert facts == check.facts
    assert facts["call"] == "sigmoid_backward(grad_out, out)"
    jsonschema.validate(facts, {"$ref": "#/$defs/facts", "$defs": schema["$defs"]})
    assert list(evidence_lines(facts, WORDS, 60))


def is_one_expression(line: str) -> bool:
    """Lines that cannot be broken where a number ends."""
    return "lambda" in line or ".repeat(" in line


@pytest.mark.parametrize("file", sorted((SOLUTIONS / "wrong").glob("*/*.py"))[::5], ids=lambda file: file.stem)
def test_evidence_is_found_for_every_wrong_answer_of_the_gallery(exam: Exam, file: Any) -> None:
    """Evidence that fails is left out silently, so somebody must look whether it ever does."""
    question = next(one for one in exam.assignment.questions if one.name == file.parent.name)
    functions = {question.function: functions_of(file)[question.function]}
    results = judge(exam, answer(functions, exam.deck, exam.assignment))
    checks = next(one for one in results if one.name == question.name).checks

    for check in checks:
        if check.fault in ("shape", "values", "numbers", "disagrees", "not-finite"):
            assert "call" in check.facts
            lines = {line.strip() for line in evidence_lines(check.facts, WORDS, 60) if not is_one_expression(line)}
            assert max(map(len, lines - {check.facts["call"]})) <= 56


def test_a_forward_function_that_is_gone_costs_the_evidence_only(exam: Exam) -> None:
    """Evidence is a courtesy: the score and the facts do not wait for it."""
    question = next(one for one in exam.assignment.questions if one.name == "sigmoid")
    functions = {"sigmoid_backward": lambda grad_out, out: grad_out}
    answers = answer(functions, exam.deck, exam.assignment)
    checks = check_question(question, {}, exam.deck, exam.reference, answers, compare(exam.reference, answers))

    assert checks[1].facts["case"] == "x (5, 3)"
    assert set(checks[1].facts) == {
        "function", "case", "operand", "result", "entry", "got", "expected", "wrong", "entries",
    }  # fmt: skip


# ---- on a terminal -----------------------------------------------------------------------------------------

PASTE = ["Paste this into a cell to try it:", "", "a = np.array([1.0, 2.0])", "f(a)"]


def shown(width: int = 80, **facts: Any) -> list[str]:
    return [line.removeprefix("    ") for line in evidence_lines(facts, WORDS, width)]


def test_expected_and_yours_stand_side_by_side() -> None:
    """Wrong numbers are marked, points stand below each other, and the case to paste follows."""
    assert shown(
        expected_array=[[0.5, -1.0], [12.25, 0.0]],
        got_array=[[0.5, -1.0], ["nan", 0.00001]],
        wrong_entries=[2],
        result="grad_a",
        entry="[1, 0]",
        at={"grad_out": 0.5, "b": [1.5, -2.0]},
        inputs=["a = np.array([1.0, 2.0])"],
        call="f(a)",
    ) == [
        "",
        "expected (2, 2)      yours (2, 2)",
        "  0.5000  -1.0000      0.5000  -1.0000",
        " 12.2500        0        ✗nan  1.0e-05",
        "",
        "grad_a[1, 0]:  grad_out = 0.5, b = [1.5, -2]",
        "",
        *PASTE,
    ]


def test_returned_rows_are_added_up_below_them() -> None:
    """The sum that is missing, drawn."""
    assert shown(expected_array=[4.0, 6.0], got_array=[[1.0, 2.0], [3.0, 4.0]], summed=[4.0, 6.0], sum_axis=[0]) == [
        "",
        "expected (2,)      yours (2, 2)",
        " 4.0000  6.0000     1.0000  2.0000",
        "                    3.0000  4.0000",
        "                   Σ axis=0",
        "                    4.0000  6.0000",
    ]


def test_tables_too_wide_for_one_line_stand_below_each_other() -> None:
    """Nobody compares numbers across a broken line."""
    assert shown(60, expected_array=[0.25, 1.0, 2.0, -3.0], got_array=[0.25, 1.0, 2.0, 3.0], wrong_entries=[3]) == [
        "",
        "expected (4,)",
        "  0.2500   1.0000   2.0000  -3.0000",
        "",
        "yours (4,)",
        "  0.2500   1.0000   2.0000  ✗3.0000",
    ]


def test_matrices_of_a_stack_are_apart() -> None:
    """Marks count through all of them."""
    assert shown(expected_array=[[[1.0]], [[2.0]]], got_array=[[[1.0]], [[3.0]]], wrong_entries=[1]) == [
        "",
        "expected (2, 1, 1)    yours (2, 1, 1)",
        " 1.0000                1.0000",
        "",
        " 2.0000               ✗3.0000",
    ]


def test_a_row_wider_than_any_terminal_is_cut() -> None:
    """Better less than a mess."""
    lines = shown(60, expected_array=[1.5] * 30, got_array=[1.5] * 30)

    assert lines == [
        "",
        "expected (30,)",
        f"{'  '.join([' 1.50'] + ['1.50'] * 8)}  …",
        "",
        "yours (30,)",
        f"{'  '.join([' 1.50'] + ['1.50'] * 8)}  …",
    ]


def test_what_is_not_there_is_not_shown() -> None:
    """A fault without numbers has no empty headings."""
    assert shown(case="a (2,)") == []
    assert shown(expected_array=[1.0]) == []


def test_only_who_asks_for_one_question_sees_the_evidence(exam: Exam) -> None:
    """The card of a whole file stays short."""
    report = report_of(exam, "def unbroadcast(grad, shape): return grad")
    one = replace(report, questions=report.questions[:1])

    assert "Paste this" not in render_report(report, load_screen_words("en"))
    assert "Paste this" in render_report(one, load_screen_words("en"))
