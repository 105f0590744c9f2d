"""What is said of each known mistake, in every language: complete, without formulas where none belongs, and sayable."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from autograder.answer import answer
from autograder.checks.misconceptions import behaviour, structure
from autograder.checks.misconceptions.table import rows_of
from autograder.exams import Exam, prepare
from autograder.judging import judge, make_report
from autograder.records import MISTAKE_KEYS, Results, from_json, to_json
from conftest import ROOT, SOLUTIONS, functions_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = ROOT / "autograder" / "render" / "words" / "mistakes"
LANGUAGES = ("en", "de")
FORMULA = ("grad_out *", "grad_out @", "@ grad_out", ".T", "1 -", ".sum(")
"""Signs of a formula, which stands in the last hint only."""

Words = Mapping[str, Mapping[str, str]]


def words_of(language: str) -> dict[str, Words]:
    """File name → id → words."""
    files = sorted((FOLDER / language).glob("*.toml"))
    return {file.name: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}


def every_text() -> Iterator[tuple[str, str, str, str]]:
    for language in LANGUAGES:
        for words in words_of(language).values():
            for id, texts in words.items():
                for key, text in texts.items():
                    yield language, id, key, text


def test_every_language_says_the_same_things() -> None:
    """A mistake that is named in one language is named in all of them, with all its sentences."""
    english, german = (words_of(language) for language in LANGUAGES)

    assert {file: set(words) for file, words in english.items()} == {file: set(w) for file, w in german.items()}
    for words in (*english.values(), *german.values()):
        assert {id: tuple(texts) for id, texts in words.items() if tuple(texts) != MISTAKE_KEYS} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_has_words_in_its_question(exam: Exam, language: str) -> None:
    """A name without a sentence helps nobody; the sentence must be about this operation."""
    catalogue = replace(exam.catalogue, language=language)
    anywhere = {*structure.HABITS, *structure.IN_ALL_CALLS, *behaviour.HABITS.values()}
    missing = [
        f"{question.name}: {id}"
        for question in exam.assignment.questions
        if question.function
        for id in sorted(anywhere | {id.partition("--")[0] for id in rows_of(question.forward)})
        if catalogue.words_of_mistake(id, question.name) is None
    ]

    assert missing == []


def test_every_sentence_can_be_said_with_what_is_always_known() -> None:
    """Nothing in braces but the function, the result and its operand."""
    for language, id, key, text in every_text():
        said = text.format_map({"function": "add_backward", "result": "grad_a", "operand": "a"})
        assert said.strip() == said != "", (language, id, key)


def test_a_formula_stands_in_the_last_hint_only() -> None:
    """The first thought is a question or a place to look at."""
    early = [(language, id, key) for language, id, key, text in every_text()
             if key in ("headline", "reason", "hint1", "hint2") and any(sign in text for sign in FORMULA)]  # fmt: skip

    assert early == []


def test_nobody_is_told_that_they_failed() -> None:
    """Not yet, never "FAIL"."""
    for language, id, key, text in every_text():
        assert not any(word in text.lower() for word in ("fail", "stupid", "falsch gemacht", "!")), (language, id, key)


def report_on(exam: Exam, question: str, file: str) -> tuple[str, str]:
    """The message and the hint of the first problem of one gallery file."""
    function = next(one.function for one in exam.assignment.questions if one.name == question)
    functions = functions_of(SOLUTIONS / "wrong" / question / file)
    answers = answer({function: functions[function]}, exam.deck, exam.assignment)
    report = make_report(exam, file, answers, judge(exam, answers))
    result = next(one for one in report.questions if one.name == question)
    check = next(check for check in result.checks if check.fault)
    return check.message, check.hint


@pytest.mark.parametrize(
    ("question", "file", "message", "hint"),
    [
        (
            "sigmoid", "tanh-derivative.py",
            "grad_x is made with the slope of tanh, not with that of sigmoid. The local gradient belongs to the "
            "function of the forward pass, which is sigmoid here. For x (5, 3): grad_x[0, 0] is 0.248134, expected "
            "0.106448. 15 of 15 numbers differ.",
            "What is your slope where out is close to 0? How steep is sigmoid there?",
        ),
        (
            "sgd_step", "ascent.py",
            "sgd_step adds the step to the parameters. The gradient points to where the loss grows; to make the loss "
            "smaller, a step goes the other way. For params [(5,)], grads [(5,)], lr 0.201: new params[0][0] is "
            "0.0182778, expected -0.185204. 5 of 5 numbers differ.",
            "Take a positive gradient. Should the parameter become larger or smaller for the loss to fall?",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_named_before_the_fact(exam: Exam, question: str, file: str, message: str, hint: str) -> None:
    """What it is, why, where it shows; and then the next thought."""
    assert report_on(exam, question, file) == (message, hint)


def test_further_hints_wait_until_somebody_asks(exam: Exam) -> None:
    """The second and the third hint travel with the report, and survive being written down."""
    functions = functions_of(SOLUTIONS / "wrong" / "sgd_step" / "ascent.py")
    answers = answer({"sgd_step": functions["sgd_step"]}, exam.deck, exam.assignment)
    report = make_report(exam, "hw.py", answers, judge(exam, answers))
    results = Results("backprop", "1.0", 1, {}, 0.1, (report,))

    hints = [check.more_hints for one in report.questions if one.name == "sgd_step" for check in one.checks]

    assert hints == [
        (),
        (
            "The step is subtracted from the parameter.",
            "`param - lr * grad`",
        ),
        (),
    ]
    assert from_json(to_json(results)) == results


def test_where_an_exception_hides_which_result_is_meant_all_are_named(exam: Exam) -> None:
    """A sentence begins with a name, not with a phrase that fits at its end only."""
    message, hint = report_on(exam, "matmul", "missing-transpose.py")

    assert message.startswith("grad_a or grad_b was made without a transpose. ")
    assert hint == (
        "Write down the shapes of grad_out, a and b. Which product gives the shape of a or b, also when the matrices "
        "are not square?"
    )


@pytest.mark.parametrize(
    ("question", "file", "headline"),
    [
        ("numeric_gradient", "matrices-only.py", "numeric_gradient works only on arrays with two axes."),
        ("add", "last-row-forgotten.py", "The last row takes no part in grad_a or grad_b."),
        ("unbroadcast", "matrices-only.py", "unbroadcast knows matrices with one repeated axis, and nothing else."),
    ],
)
def test_words_that_speak_of_unbroadcast_come_last(exam: Exam, question: str, file: str, headline: str) -> None:
    """Only `unbroadcast` has an argument called grad, and axes that were added or stretched."""
    assert report_on(exam, question, file)[0].startswith(headline)


def test_a_diagnosis_that_fails_costs_no_report() -> None:
    """The score is known by then; what cannot be named is told by its fact."""
    exam = prepare(str(ROOT / "assignments" / "backprop"))
    no_forwards = replace(exam, assignment=replace(exam.assignment, forwards={}))
    functions = functions_of(SOLUTIONS / "wrong" / "sigmoid" / "tanh-derivative.py")
    answers = answer({"sigmoid_backward": functions["sigmoid_backward"]}, exam.deck, exam.assignment)

    report = make_report(no_forwards, "hw.py", answers, judge(exam, answers))

    result = next(one for one in report.questions if one.name == "sigmoid")
    assert (result.score, result.misconceptions) == (2, ())
    assert result.checks[1].message.startswith("For x (5, 3): grad_x[0, 0] is 0.248134, expected 0.106448.")


def test_a_mistake_without_words_is_told_by_its_fact_alone(exam: Exam) -> None:
    """An instructor's own row may come before its words."""
    silent = replace(exam, catalogue=replace(exam.catalogue, language="nn"))

    message, hint = report_on(silent, "sigmoid", "tanh-derivative.py")

    assert message == "For x (5, 3): grad_x[0, 0] is 0.248134, expected 0.106448. 15 of 15 numbers differ."
    assert hint.startswith("Compute this case by hand")
