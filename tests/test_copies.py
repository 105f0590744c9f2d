"""Right functions without a formula: the same answers as the solution's, and a student's code that calls them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from runs import script, solution_but, solution_text

from autograder.answer import answer_case, quiet
from autograder.copies import can_be_given, right_function
from autograder.exams import Exam
from autograder.records import Answers, Array, Operation
from autograder.sandbox.client import Sandbox
from conftest import SOLUTIONS, functions_of

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="the walls of a worker are Linux's")


def operation(exam: Exam, name: str) -> Operation:
    question = next(question for question in exam.assignment.questions if question.name == name)
    return Operation(
        forward=exam.assignment.forwards[question.forward],
        operands=tuple(operand.name for operand in question.operands),
        function=question.function,
        receives=question.receives,
        gradients=question.gradients,
    )


def numbers(answers: Answers, exam: Exam, function: str) -> list[Array]:
    """All gradients that a function gave, call by call."""
    return [
        value.data
        for case, answered in zip(exam.deck.cases, answers.cases)
        if case.function == function and answered is not None
        for reply in answered.replies
        for value in reply.values
        if value.data is not None
    ]


def are_close(got: list[Array], wanted: list[Array]) -> bool:
    """As many gradients, of the same shapes, and the same numbers as far as float32 has them."""
    return [one.shape for one in got] == [one.shape for one in wanted] and all(
        np.allclose(one, other, rtol=1e-5, atol=1e-5) for one, other in zip(got, wanted)
    )


@pytest.fixture(scope="module")
def sandbox(exam: Exam) -> Iterator[Sandbox]:
    with Sandbox(exam.assignment) as sandbox:
        yield sandbox


def test_a_right_function_answers_as_the_solution_does(exam: Exam) -> None:
    """In each case of the deck."""
    right = right_function(operation(exam, "unbroadcast"))
    function = operation(exam, "unbroadcast").function
    solution = functions_of(SOLUTIONS / "solution.py")[function]

    for case in (case for case in exam.deck.cases if case.function == function):
        with quiet():
            got, wanted = (answer_case(one, case, exam.assignment.forwards).replies for one in (right, solution))
        assert [reply.container for reply in got] == [reply.container for reply in wanted]
        assert are_close(*([v.data for r in one for v in r.values if v.data is not None] for one in (got, wanted)))


def test_a_right_function_takes_what_its_question_gives(exam: Exam) -> None:
    """Another number of arguments is told as Python would tell it."""
    with pytest.raises(TypeError, match=r"^unbroadcast takes 2 arguments, not 1$"):
        right_function(operation(exam, "unbroadcast"))(np.ones(3))


@pytest.mark.parametrize(
    ("name", "can_be"),
    [("unbroadcast", True), ("add", False), ("matmul", False), ("softmax_cross_entropy", False), ("sigmoid", False)],
)
def test_only_what_copies_can_be_given(exam: Exam, name: str, can_be: bool) -> None:
    """To give another one away would mean to lend its differentiation to whoever takes it apart."""
    assert can_be_given(operation(exam, name)) is can_be


COPYING = {
    "reshape": (lambda x, like: np.reshape(x, np.shape(like)), True),
    "transpose": (lambda x, like: np.transpose(x) + np.zeros(np.shape(like)), True),
    "twice as much": (lambda x, like: 2.0 * x + np.zeros(np.shape(like)), False),
    "square": (lambda x, like: x * x + np.zeros(np.shape(like)), False),
    "padded": (lambda x, like: np.append(x, 0.0), False),
    "sorted": (lambda x, like: np.sort(x, axis=None).reshape(np.shape(x)) + np.zeros(np.shape(like)), False),
    "only the first": (lambda x, like: x.flat[:1] + np.zeros(np.shape(like)), True),
}


@pytest.mark.parametrize(("forward", "is_copy"), COPYING.values(), ids=COPYING)
def test_what_copies_is_seen_from_the_forward_function(forward: Any, is_copy: bool) -> None:
    """By what comes where, and by nothing that the instructor has to say."""
    one = Operation(forward, ("x", "like"), "back", ("grad_out", "x.shape"), ("x",))

    assert can_be_given(one) is is_copy


def test_each_entry_gets_the_sum_of_its_copies() -> None:
    """Whatever the copies are: here the rows change places with the columns."""
    forward = COPYING["transpose"][0]
    right = right_function(Operation(forward, ("x", "like"), "back", ("grad_out", "x.shape"), ("x",)))
    grad_out = np.arange(6.0).reshape(3, 2)

    assert np.array_equal(right(grad_out.T, (3, 2)), grad_out)


# ---- in a student's code -----------------------------------------------------------------------------------

WRONG_HELPER = "def unbroadcast(grad, shape): return grad"

HELPED = {
    "a wrong one": WRONG_HELPER,
    "one that raises": "def unbroadcast(grad, shape): raise ValueError",
    "a stub": "def unbroadcast(grad, shape): pass",
    "other names": (
        "def unbroadcast(upstream, to): return upstream\n"
        "def add_backward(grad_out, a, b):\n"
        "    return unbroadcast(to=a.shape, upstream=grad_out), unbroadcast(grad_out, to=b.shape)"
    ),
    "any arguments": (
        "def unbroadcast(*arguments): return arguments[0]\n"
        "def add_backward(grad_out, a, b):\n"
        "    return unbroadcast(grad_out, a.shape), unbroadcast(*(grad_out, b.shape))"
    ),
    "a default": (
        "def unbroadcast(grad, shape, keep=True): return grad\n"
        "def add_backward(grad_out, a, b):\n"
        "    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)"
    ),
    "a helper between them": (
        f"{WRONG_HELPER}\n"
        "def both(grad, a, b): return unbroadcast(grad, a.shape), unbroadcast(grad, b.shape)\n"
        "def add_backward(grad_out, a, b): return both(grad_out, a, b)"
    ),
}


@needs_linux
@pytest.mark.parametrize("definition", HELPED.values(), ids=HELPED)
def test_a_right_helper_takes_the_place_of_a_wrong_one(exam: Exam, sandbox: Sandbox, definition: str) -> None:
    """So it can be told whose mistake it is; without being given, the same code is wrong."""
    right = numbers(sandbox.answer(script(solution_text("")), exam.deck, only=["add_backward"]), exam, "add_backward")

    helped = sandbox.answer(solution_but(definition), exam.deck, only=["add_backward"], given=["unbroadcast"])
    alone = sandbox.answer(solution_but(definition), exam.deck, only=["add_backward"])

    assert are_close(numbers(helped, exam, "add_backward"), right)
    without = numbers(alone, exam, "add_backward")
    assert not are_close(without, right)


@needs_linux
def test_a_missing_helper_is_there_when_it_is_given(exam: Exam, sandbox: Sandbox) -> None:
    """Code that calls a function which nobody wrote yet is code, too."""
    source = solution_text("").replace("def unbroadcast(", "def something_else(")

    answers = sandbox.answer(script(source), exam.deck, only=["add_backward"], given=["unbroadcast"])

    right = numbers(sandbox.answer(script(solution_text("")), exam.deck), exam, "add_backward")
    assert are_close(numbers(answers, exam, "add_backward"), right)


@needs_linux
def test_who_is_given_is_not_asked(exam: Exam, sandbox: Sandbox) -> None:
    """Its cases have no answers, and nothing is said of it; all others are answered."""
    answers = sandbox.answer(script(solution_text("")), exam.deck, given=["unbroadcast"])

    assert "unbroadcast" not in answers.written
    for case, answered in zip(exam.deck.cases, answers.cases):
        assert (answered is None) is (case.function == "unbroadcast")


@needs_linux
def test_a_given_function_leads_to_no_other(exam: Exam, sandbox: Sandbox) -> None:
    """Whoever takes it apart finds a copy of forward.py that serves nothing else."""
    hostile = (
        "def multiply_backward(grad_out, a, b):\n"
        "    for cell in unbroadcast.__closure__:\n"
        "        for inner in getattr(cell.cell_contents, '__closure__', None) or ():\n"
        "            operation = inner.cell_contents\n"
        "            operation.forward.__globals__.clear()\n"
        "    return grad_out * b, grad_out * a"
    )
    functions = ["multiply_backward", "numeric_gradient"]

    answers = sandbox.answer(solution_but(hostile), exam.deck, only=functions, given=["unbroadcast"])

    right = numbers(sandbox.answer(script(solution_text("")), exam.deck), exam, "numeric_gradient")
    assert are_close(numbers(answers, exam, "numeric_gradient"), right)
    assert answers.alone == frozenset(), "one of them was asked a second time, alone"


@pytest.mark.parametrize("name", ["sigmoid_backward", "sgd_step", "numeric_gradient", "sigmoid_forward"])
def test_what_cannot_be_given_is_refused(exam: Exam, sandbox: Sandbox, name: str) -> None:
    """Before any worker is asked."""
    with pytest.raises(ValueError, match=rf"^There is no right function without a formula for {name}\.$"):
        sandbox.answer(script(solution_text("")), exam.deck, given=[name])


# ---- who calls whom ----------------------------------------------------------------------------------------


@needs_linux
def test_a_worker_tells_who_calls_whom(exam: Exam, sandbox: Sandbox) -> None:
    """So that the grader knows for whom another answer can be expected with a right helper."""
    answers = sandbox.answer(script(solution_text("")), exam.deck)

    assert {name: what.calls for name, what in answers.written.items() if what.calls} == {
        "add_backward": ("unbroadcast",),
        "multiply_backward": ("unbroadcast",),
    }
