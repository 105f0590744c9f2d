"""A mistake gets its name where it explains what came back, and nothing else ever gets one.

The samples are the gallery's files: each is named after its mistake. Two of them glued together, one for each operand,
must not be taken for a third mistake.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.answer import answer
from autograder.checks.compare import compare
from autograder.checks.misconceptions import behaviour, structure
from autograder.checks.misconceptions.diagnose import diagnose
from autograder.exams import Exam, make_exam, with_one_question
from autograder.judging import judge, make_report
from autograder.load.assignment import load_assignment
from autograder.records import Outcome
from autograder.verification.mutants import mutants_of
from autograder.verification.rehearsal import rehearse
from conftest import ROOT, SOLUTIONS, SUBMISSIONS, functions_of

pytestmark = pytest.mark.once

SEED = 2026
PROOF_SEEDS = range(50)
NAMED, NAMED_IN_PAIRS = 0.95, 0.90
"""Shares of the known mistakes that must have their name: alone, and in each operand of two mistakes at once."""

PAIRS = 60
PAIRS_SEEDS = (1, 2)

RIGHT = [SOLUTIONS / "solution.py", *sorted((SUBMISSIONS / "right").glob("*.py"))]
WRONG = sorted((SOLUTIONS / "wrong").glob("*/*.py"))
QUESTIONS = tuple(sorted({file.parent.name for file in WRONG}))
WITH_TWO_OPERANDS = ("add", "multiply", "matmul")

KNOWN_UNNAMED: dict[str, str] = {
    "sigmoid/zero-upstream-is-missing": "wrong in one case, and no row for it",
    "matmul/zero-entries-get-none": "wrong in one case, and no row for it",
    "softmax_cross_entropy/flat-index-overflows": "wrong in one case, and no row for it",
}
"""The gallery's files that cannot be called by their own name, and why: what they return has another name, or too
little of it is wrong."""


def name_of(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def exams_of(seed: int) -> dict[str, Exam]:
    """An exam for each question alone, so that looking at one function costs no more than that function."""
    assignment = load_assignment(str(ROOT / "assignments" / "backprop"))
    return {
        one.name: make_exam(with_one_question(assignment, one.name), seed)
        for one in assignment.questions
        if one.function
    }


@pytest.fixture(scope="module")
def exams() -> dict[str, Exam]:
    return exams_of(SEED)


def names_of(exam: Exam, function: Callable[..., Any]) -> tuple[str, ...]:
    """The names that the only question of the exam gets for this function."""
    (question,) = exam.assignment.questions
    answers = answer({question.function: function}, exam.deck, exam.assignment)
    (result,) = judge(exam, answers)
    comparison = compare(exam.reference, answers)
    return diagnose(exam.assignment, question, exam.deck, exam.reference, answers, comparison, result.checks)


def function_of(file: Path, exam: Exam) -> Callable[..., Any]:
    return functions_of(file)[exam.assignment.questions[0].function]


# ---- right answers, and known mistakes ---------------------------------------------------------------------


@pytest.mark.parametrize("file", RIGHT, ids=lambda file: file.stem)
def test_no_right_submission_gets_a_name(exams: dict[str, Exam], file: Path) -> None:
    """A name on a right answer would send a student to look for a mistake that is not there."""
    named = {question: names_of(exam, function_of(file, exam)) for question, exam in exams.items()}

    assert {question: names for question, names in named.items() if names} == {}


@pytest.mark.parametrize("file", WRONG, ids=name_of)
def test_a_known_mistake_is_called_by_its_name(exams: dict[str, Exam], file: Path) -> None:
    """The file is named after its mistake. Those that cannot be named are listed; who names one takes it off."""
    exam = exams[file.parent.name]

    is_named = file.stem.partition("--")[0] in names_of(exam, function_of(file, exam))

    assert is_named is (name_of(file) not in KNOWN_UNNAMED)


def test_what_cannot_be_named_is_a_file() -> None:
    """A name that has no file left would stay in the list for ever."""
    assert set(KNOWN_UNNAMED) <= {name_of(file) for file in WRONG}


@pytest.mark.proof
@pytest.mark.parametrize("seed", PROOF_SEEDS)
def test_known_mistakes_have_their_names_in_other_decks(
    seed: int, record_property: Callable[[str, object], None]
) -> None:
    """A name must not hang on the numbers of one deck; and nothing may ever be called by another name alone."""
    exams = exams_of(seed)
    names = {file: names_of(exams[file.parent.name], function_of(file, exams[file.parent.name])) for file in WRONG}
    named = [file for file in WRONG if file.stem.partition("--")[0] in names[file]]
    misnamed = {name_of(file): names[file] for file in WRONG if names[file] and file not in named}
    unnamed = [name_of(file) for file in WRONG if not names[file] and name_of(file) not in KNOWN_UNNAMED]
    record_property(f"known mistakes, seed {seed}", f"{len(named)} of {len(WRONG)} named; without a name: {unnamed}")

    assert misnamed == {}
    assert len(named) >= NAMED * len(WRONG)


# ---- two mistakes ------------------------------------------------------------------------------------------


def glued(first: Callable[..., Any], second: Callable[..., Any]) -> Callable[..., Any]:
    """A function with the first one's gradient of a, and the second one's gradient of b."""

    def function(*arguments: Any) -> Any:
        grad_a, _ = first(*copy.deepcopy(arguments))
        _, grad_b = second(*arguments)
        return grad_a, grad_b

    return function


def is_about_numbers(names: Sequence[str]) -> bool:
    """Whether a mistake is one of numbers. Those of structure or of memory do not survive being glued."""
    others = {*structure.HABITS, *structure.IN_ALL_CALLS, *behaviour.HABITS.values(), "mutates-argument"}
    return others.isdisjoint(names)


def answers_the_plain_case(file: Path, exam: Exam) -> bool:
    """Whether a file gets as far as a result. An exception in the half that is thrown away would glue badly."""
    answers = answer({file.parent.name + "_backward": function_of(file, exam)}, exam.deck, exam.assignment)
    (result,) = judge(exam, answers)
    return result.checks[0].fault != "raised"


def pairs_of_mistakes(exams: dict[str, Exam]) -> list[tuple[Path, Path]]:
    pairs = []
    for question in WITH_TWO_OPERANDS:
        files = [file for file in WRONG if file.parent.name == question]
        kept = [file for file in files if is_about_numbers([file.stem.partition("--")[0]])]
        kept = [file for file in kept if answers_the_plain_case(file, exams[question])]
        pairs += [(one, other) for one in kept for other in kept if one != other]
    return pairs


def own_names(exams: dict[str, Exam], pairs: Sequence[tuple[Path, Path]]) -> dict[Path, set[str]]:
    """What each file is called, and the names that it has when it is alone."""
    files = {file for pair in pairs for file in pair}
    exam_of = {file: exams[file.parent.name] for file in files}
    return {
        file: {file.stem.partition("--")[0], *names_of(exam, function_of(file, exam))} for file, exam in exam_of.items()
    }


@dataclass(frozen=True)
class PairNames:
    """What pairs of mistakes are called: how many of their wrong halves have one of their own names, and the names
    that belong to neither half."""

    halves: int
    named: int
    third: dict[tuple[str, str], set[str]]


def names_of_pairs(exams: dict[str, Exam], pairs: Sequence[tuple[Path, Path]]) -> PairNames:
    own, wrong = own_names(exams, pairs), wrong_halves(exams, pairs)
    halves, named, third = 0, 0, {}
    for pair in pairs:
        exam = exams[pair[0].parent.name]
        names = set(names_of(exam, glued(*(function_of(file, exam) for file in pair))))
        counted = [file for side, file in enumerate(pair) if (side, file) in wrong]
        halves += len(counted)
        named += sum(bool(names & own[file]) for file in counted)
        if names - own[pair[0]] - own[pair[1]]:
            third[name_of(pair[0]), name_of(pair[1])] = names - own[pair[0]] - own[pair[1]]
    return PairNames(halves, named, third)


def wrong_halves(exams: dict[str, Exam], pairs: Sequence[tuple[Path, Path]]) -> set[tuple[int, Path]]:
    """The files that are wrong in that gradient, the first or the second: many have one mistake, in one of them."""
    found = set()
    for side, file in {(side, file) for pair in pairs for side, file in enumerate(pair)}:
        exam = exams[file.parent.name]
        halves = [function_of(SOLUTIONS / "solution.py", exam)] * 2
        halves[side] = function_of(file, exam)
        answers = answer({file.parent.name + "_backward": glued(*halves)}, exam.deck, exam.assignment)
        if judge(exam, answers)[0].outcome is not Outcome.PASSED:
            found.add((side, file))
    return found


def test_two_mistakes_are_not_taken_for_a_third(exams: dict[str, Exam]) -> None:
    """Whatever is named must be there: each operand is explained by itself."""
    found = names_of_pairs(exams, random.Random(SEED).sample(pairs_of_mistakes(exams), PAIRS))

    assert found.third == {}
    assert found.named >= NAMED_IN_PAIRS * found.halves


@pytest.mark.proof
@pytest.mark.parametrize("seed", PAIRS_SEEDS)
@pytest.mark.parametrize("question", WITH_TWO_OPERANDS)
def test_no_two_mistakes_are_taken_for_a_third(
    question: str, seed: int, record_property: Callable[[str, object], None]
) -> None:
    """The same for all pairs, on several decks."""
    exams = exams_of(seed)
    found = names_of_pairs(exams, [pair for pair in pairs_of_mistakes(exams) if pair[0].parent.name == question])
    record_property(
        f"pairs of mistakes in {question}, seed {seed}",
        f"{found.named} of {found.halves} halves named, {len(found.third)} pairs with a name that is neither's",
    )

    assert found.third == {}
    assert found.named >= NAMED_IN_PAIRS * found.halves


def test_each_operand_gets_its_own_name(exams: dict[str, Exam]) -> None:
    """Two different mistakes are both told, that of the first operand first."""

    def multiply_backward(grad_out: Any, a: Any, b: Any) -> Any:
        return unbroadcast(-grad_out * b, a.shape), unbroadcast(a * np.ones_like(grad_out), b.shape)

    assert names_of(exams["multiply"], multiply_backward) == ("sign", "no-upstream")


# ---- where nothing is certain ------------------------------------------------------------------------------


def unbroadcast(grad: Any, shape: tuple[int, ...]) -> Any:
    while np.ndim(grad) > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def wrong_in_one_shape(grad_out: Any, a: Any, b: Any) -> Any:
    sign = -1.0 if a.shape == (6,) else 1.0
    return unbroadcast(sign * grad_out, a.shape), unbroadcast(grad_out, b.shape)


def typo_in_a_branch(grad_out: Any, a: Any, b: Any) -> Any:
    if a.shape != b.shape:
        return unbroadcst(grad_out, a.shape), unbroadcst(grad_out, b.shape)  # type: ignore[name-defined] # noqa: F821
    return grad_out * 1.0, grad_out * 1.0


def always_raises(grad_out: Any, a: Any, b: Any) -> Any:
    raise ValueError("this does not work yet")


def noise(grad_out: Any, a: Any, b: Any) -> Any:
    return 1.37 * unbroadcast(grad_out, a.shape), 0.41 * unbroadcast(grad_out, b.shape)


def sign_here_and_upstream_there(grad_out: Any, a: Any, b: Any) -> Any:
    grad = -grad_out if a.ndim == 2 else np.ones_like(grad_out)
    return unbroadcast(grad, a.shape), unbroadcast(grad, b.shape)


def raises_for_three_axes(grad_out: Any, a: Any, b: Any) -> Any:
    if grad_out.ndim > 2:
        raise ValueError("too many axes")
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


@pytest.mark.parametrize(
    "function",
    [wrong_in_one_shape, typo_in_a_branch, always_raises, noise, sign_here_and_upstream_there, raises_for_three_axes],
    ids=lambda function: function.__name__,
)
def test_what_no_mistake_explains_has_no_name(exams: dict[str, Exam], function: Callable[..., Any]) -> None:
    """One shape alone, a misspelt name, or two mistakes in one operand: better no name than a wrong one."""
    assert names_of(exams["add"], function) == ()


# ---- what is told besides ----------------------------------------------------------------------------------


def test_a_wrong_number_and_a_changed_argument_are_both_told(exams: dict[str, Exam]) -> None:
    """What a function does besides is a mistake of its own, whatever it returns."""

    def sigmoid_backward(grad_out: Any, out: Any) -> Any:
        grad_out *= -1.0
        return grad_out * out * (1.0 - out)

    assert names_of(exams["sigmoid"], sigmoid_backward) == ("sign", "mutates-argument")


@pytest.mark.parametrize(
    ("returned", "name"),
    [
        (lambda grad, a, b: (grad * b, None), "none-for-input"),
        (lambda grad, a, b: None, "no-return"),
        (lambda grad, a, b: {"grad_a": grad}, "returns-dictionary"),
        (lambda grad, a, b: a * b, "returns-one-value"),
        (lambda grad, a, b: (grad, grad, grad), "returns-three-values"),
        (lambda grad, a, b: (value for value in (grad, grad)), "returns-generator"),
        (lambda grad, a, b: "grad_a, grad_b", ""),
        (lambda grad, a, b: (a * b, "grad"), ""),
        (lambda grad, a, b: () if a.ndim == 2 else None, ""),
    ],
    ids=["none", "nothing", "dictionary", "one", "three", "generator", "text", "half text", "mixed"],
)
def test_the_kind_of_thing_that_comes_back(exams: dict[str, Exam], returned: Callable[..., Any], name: str) -> None:
    """A habit must show in every reply; anything else that is no gradient has no name."""
    assert names_of(exams["multiply"], returned) == ((name,) if name else ())


# ---- mutants -----------------------------------------------------------------------------------------------

TOLD = 0.60
"""Share of the automatic mutants that are wrong of which a student must learn more than one wrong number."""

WHAT_HAPPENED = frozenset({"structure", "argument-changed", "second-call", "kept-result", "remembers", "not-restored"})
"""Faults that say themselves what is wrong. Others need a name, a pattern, or the line of an exception."""


@pytest.mark.proof
@pytest.mark.parametrize("question", QUESTIONS)
def test_most_mutants_are_named_or_located(
    exams: dict[str, Exam], question: str, record_property: Callable[[str, object], None]
) -> None:
    """A mistake that nobody has listed is still told by where it shows."""
    exam = exams[question]
    function = exam.assignment.questions[0].function
    counts = Counter(
        how_told(exam, mutant.source)
        for file in RIGHT
        for mutant in mutants_of(file.read_text(encoding="utf-8"), function)
    )
    wrong = counts["named"] + counts["located"] + counts["neither"]
    record_property(f"mutants of {question}", f"{counts['named']} named, {counts['located']} located, of {wrong}")

    assert counts["named"] + counts["located"] >= TOLD * wrong


def how_told(exam: Exam, source: str) -> str:
    """How a report tells what is wrong with a source: "named", "located", "neither", or "" where nothing is wrong."""
    answers = rehearse(source, exam.assignment, exam.deck)
    (result,) = make_report(exam, "mutant", answers, judge(exam, answers)).questions
    check = next((check for check in result.checks if check.fault is not None), None)
    if check is None:
        return ""
    if result.misconceptions:
        return "named"
    is_located = check.fault in WHAT_HAPPENED or "pattern" in check.facts or "line" in check.facts
    return "located" if is_located else "neither"
