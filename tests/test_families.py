"""What is decided for a family at once is what would be found case by case, and number by number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.answer import answer
from autograder.checks.compare import Comparison, compare, gradients_of
from autograder.checks.gradient import Judge, check_question
from autograder.exams import Exam
from autograder.records import VERDICTS, Answers, Array, CaseAnswer, CheckResult, Outcome, Question, Reply, Value
from conftest import SOLUTIONS, SUBMISSIONS, exam_of_functions, functions_of

RIGHT = [SOLUTIONS / "solution.py", *sorted((SUBMISSIONS / "right").glob("*.py"))]
WRONG = sorted((SOLUTIONS / "wrong").glob("*/*.py"))


@pytest.fixture(scope="module")
def exam() -> Exam:
    return exam_of_functions(2026)


@pytest.fixture(scope="module")
def solved(exam: Exam) -> Answers:
    return answer(functions_of(SOLUTIONS / "solution.py"), exam.deck, exam.assignment)


def answers_with(exam: Exam, file: Path) -> Answers:
    """Those of a right file, or of the solution with one wrong function in place of its own."""
    if file in RIGHT:
        return answer(functions_of(file), exam.deck, exam.assignment)
    function = next(one.function for one in exam.assignment.questions if one.name == file.parent.name)
    right = functions_of(SOLUTIONS / "solution.py")
    return answer({**right, function: functions_of(file)[function]}, exam.deck, exam.assignment)


def one_by_one(exam: Exam, question: Question, answers: Answers, comparison: Comparison) -> list[CheckResult]:
    """The definition: every case of the question is looked at, for every family."""
    judge = Judge(question, exam.assignment.forwards, exam.deck, exam.reference, comparison)
    asked = [(number, case) for number, case in enumerate(exam.deck.cases) if case.question == question.name]
    return [
        judge.verdicts(asked, answers)
        if family == VERDICTS
        else judge.result(
            family,
            [
                (case, fault)
                for number, case in asked
                for fault in judge.faults(number, case, answers.cases[number], family)
            ],
        )
        for family in question.points
    ]


def numbers_one_by_one(exam: Exam, answers: Answers) -> Array:
    """The definition: each output is looked for in the reply to its call."""
    got = np.full(exam.reference.expected.shape, np.nan)
    for output in exam.reference.outputs:
        answered = answers.cases[output.case]
        if answered is None or len(answered.replies) <= output.call:
            continue
        asked = [exam.reference.outputs[index] for index in exam.reference.of_call[output.case][output.call]]
        values = gradients_of(answered.replies[output.call], asked)
        value = values[output.position] if values else Value("nothing")
        if value.data is not None and value.shape == output.shape:
            got[output.start : output.stop] = output.seen(value.data)
    return got


def assert_nothing_is_passed_over(exam: Exam, answers: Answers) -> dict[str, list[CheckResult]]:
    """Both ways say the same of these answers; returned is what they say, by question."""
    comparison = compare(exam.reference, answers)
    assert comparison.got.tobytes() == numbers_one_by_one(exam, answers).tobytes()
    said = {}
    for question in exam.assignment.questions:
        at_once = check_question(question, exam.assignment.forwards, exam.deck, exam.reference, answers, comparison)
        said[question.name] = list(at_once)
        assert said[question.name] == one_by_one(exam, question, answers, comparison)
    return said


@pytest.mark.parametrize("file", [*RIGHT, *WRONG], ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_family_at_once_is_a_family_case_by_case(exam: Exam, file: Path) -> None:
    """Over the whole gallery, right and wrong: the same checks with the same facts."""
    assert_nothing_is_passed_over(exam, answers_with(exam, file))


# ---- one answer is spoilt ----------------------------------------------------------------------------------


def _of_reply(change: Callable[[Reply, np.random.Generator], Reply]) -> Callable[..., CaseAnswer]:
    def spoil(answered: CaseAnswer, rng: np.random.Generator) -> CaseAnswer:
        return replace(answered, replies=(change(answered.replies[0], rng), *answered.replies[1:]))

    return spoil


def _of_numbers(change: Callable[[Array, np.random.Generator], Array]) -> Callable[..., CaseAnswer]:
    def of_reply(reply: Reply, rng: np.random.Generator) -> Reply:
        place = int(rng.integers(len(reply.values)))
        data = change(np.array(reply.values[place].data), rng)
        values = [*reply.values[:place], Value("array", data.shape, data), *reply.values[place + 1 :]]
        return replace(reply, values=tuple(values))

    return _of_reply(of_reply)


def _with_entry(number: float) -> Callable[[Array, np.random.Generator], Array]:
    def change(data: Array, rng: np.random.Generator) -> Array:
        data.flat[int(rng.integers(data.size))] = number
        return data

    return change


def _without_value(reply: Reply, rng: np.random.Generator) -> Reply:
    return replace(reply, values=(Value("None"), *reply.values[1:]))


LOSES: Mapping[str, Callable[..., CaseAnswer]] = {
    "nan": _of_numbers(_with_entry(np.nan)),
    "infinite": _of_numbers(_with_entry(np.inf)),
    "minus-infinite": _of_numbers(_with_entry(-np.inf)),
    "far-off": _of_numbers(_with_entry(1e9)),
    "one-axis-more": _of_numbers(lambda data, _: data[np.newaxis]),
    "one-entry-more": _of_numbers(lambda data, _: np.append(data.reshape(-1), 0.0)),
    "nothing-in-place-of-an-array": _of_reply(_without_value),
    "one-value-more": _of_reply(lambda reply, _: Reply("tuple", (*reply.values, reply.values[0]))),
    "a-dict": _of_reply(lambda reply, _: Reply("dict")),
    "raised": _of_reply(lambda reply, _: Reply(raised={"exception": "ValueError", "text": "no"})),
    "time": lambda answered, _: CaseAnswer(stopped="time"),
    "memory": lambda answered, _: CaseAnswer(stopped="memory"),
    "not-called": lambda answered, _: CaseAnswer(stopped="not-called"),
    "no-answer": lambda answered, _: None,
    "arguments-lost": lambda answered, _: replace(answered, arguments=(None, *answered.arguments[1:])),
    "arguments-changed": lambda answered, _: replace(
        answered, arguments=(bytes(~byte & 255 for byte in answered.arguments[0]), *answered.arguments[1:])
    ),
}
"""What may be wrong with the answer to one case of any family; all of it must cost something."""


@pytest.mark.parametrize("spoilt", LOSES)
def test_one_spoilt_answer_among_right_ones_is_never_passed_over(exam: Exam, solved: Answers, spoilt: str) -> None:
    """In one case of each family of each question, drawn anew each time: it loses there, and is told the same way."""
    rng = np.random.default_rng(sorted(LOSES).index(spoilt))
    families = {(case.question, case.family) for case in exam.deck.cases}
    for question, family in sorted(families):
        numbers = [n for n, case in enumerate(exam.deck.cases) if (case.question, case.family) == (question, family)]
        number = int(rng.choice(numbers))
        cases = list(solved.cases)
        cases[number] = LOSES[spoilt](cases[number], rng)

        said = assert_nothing_is_passed_over(exam, replace(solved, cases=tuple(cases)))

        lost = {name for name, checks in said.items() if any(one.outcome is not Outcome.PASSED for one in checks)}
        may_be_wrong = family == "runs" and spoilt in ("nan", "infinite", "minus-infinite", "far-off")
        assert lost == (set() if may_be_wrong else {question}), (spoilt, family)


def test_an_array_in_place_of_a_list_of_one_is_not_passed_over(exam: Exam, solved: Answers) -> None:
    """A step of one parameter gives a list of one new parameter; the array alone is another structure."""
    wanted = [exam.reference.of_call[number][0] for number in range(len(exam.deck.cases))]
    alone = [len(outputs) == 1 and exam.reference.outputs[outputs[0]].in_list for outputs in wanted]
    cases = [
        replace(one, replies=(Reply("one", one.replies[0].values), *one.replies[1:])) if is_alone and one else one
        for one, is_alone in zip(solved.cases, alone)
    ]

    said = assert_nothing_is_passed_over(exam, replace(solved, cases=tuple(cases)))

    assert any(alone)
    assert {name for name, checks in said.items() if any(check.fault == "structure" for check in checks)} == {
        "sgd_step"
    }


LOSES_NOTHING: Mapping[str, Callable[..., CaseAnswer]] = {
    "a-list": _of_reply(lambda reply, _: replace(reply, container="list" if len(reply.values) > 1 else "tuple")),
    "next-number": _of_numbers(lambda data, _: np.nextafter(data, np.inf)),
    "minus-zero": _of_numbers(lambda data, _: np.where(data == 0.0, -0.0, data)),
}


@pytest.mark.parametrize("way", LOSES_NOTHING)
def test_another_way_to_say_the_same_loses_nothing(exam: Exam, solved: Answers, way: str) -> None:
    """Whichever way an answer takes through the grader, right is right."""
    rng = np.random.default_rng(1)
    cases = [LOSES_NOTHING[way](one, rng) if case.family != "pure" else one for case, one in _pairs(exam, solved)]

    said = assert_nothing_is_passed_over(exam, replace(solved, cases=tuple(cases)))

    assert {check.outcome for checks in said.values() for check in checks} == {Outcome.PASSED}


def _pairs(exam: Exam, answers: Answers) -> list[tuple[Any, Any]]:
    return list(zip(exam.deck.cases, answers.cases))
