"""The grader's own mutation score: what becomes of every automatic mutant of a right answer.

Mutants are run in this process: they are mutants of our own files. An alarm ends the endless ones.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.answer import answer
from autograder.checks.trials import make_trials
from autograder.exams import Exam, make_exam, with_one_question
from autograder.judging import judge
from autograder.records import Answers, Deck, Outcome, Question, Written
from autograder.verification.mutation import CHUNK, Ask, MutationScore, Trials, prepare_trials, score_mutants
from conftest import SOLUTIONS, SUBMISSIONS

pytestmark = pytest.mark.once

SOLUTION = SOLUTIONS / "solution.py"
RIGHT = [SOLUTION, *sorted((SUBMISSIONS / "right").glob("*.py"))]
QUESTIONS = (
    *("unbroadcast", "add", "multiply", "sigmoid", "matmul"),
    *("softmax_cross_entropy", "sgd_step", "numeric_gradient"),
)

WANTED = 0.995
"""Share of the mutants that differ which the checks must notice."""

SECONDS, AGAIN = 5.0, 0.05
"""For all cases of one mutant; after that, every further call is ended at once."""

LOOKED_AT: dict[tuple[str, str, str, str], str] = {}
"""Survivors that a person has looked at: file, question, before, after, and why no case is drawn for them."""


class TooSlow(BaseException):
    """An endless mutant."""


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    def ring(*_: Any) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    yield
    signal.signal(signal.SIGALRM, before)


def asked_here(exam: Exam, function: str) -> Ask:
    def ask(source: str, deck: Deck) -> Answers:
        namespace: dict[str, Any] = {"__name__": "mutant"}
        signal.setitimer(signal.ITIMER_REAL, SECONDS, AGAIN)
        try:
            exec(compile(source, "mutant", "exec"), namespace)
            functions = {function: namespace[function]} if callable(namespace.get(function)) else {}
            return answer(functions, deck, exam.assignment)
        except BaseException:
            return Answers({function: Written("missing")}, (), (None,) * len(deck.cases))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    return ask


def alone(exam: Exam, name: str) -> tuple[Exam, Question]:
    one = make_exam(with_one_question(exam.assignment, name))
    return one, one.assignment.questions[0]


def score(exam: Exam, question: Question, file: Path, trials: Trials) -> MutationScore:
    source = file.read_text(encoding="utf-8")
    return score_mutants(exam, question, source, trials, asked_here(exam, question.function))


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_mutant_of_the_solution_slips_through(exam: Exam, name: str) -> None:
    """What passes the checks is, in a hundred random trials too, the same function written in another way."""
    one, question = alone(exam, name)

    result = score(one, question, SOLUTION, prepare_trials(one, question, CHUNK))

    assert result.killed >= 15
    assert not result.survivors
    assert len(result.equivalent) <= 6


@pytest.mark.proof
@pytest.mark.parametrize("name", QUESTIONS)
def test_the_mutation_score_of_all_right_submissions(
    exam: Exam, name: str, record_property: Callable[[str, object], None]
) -> None:
    """24 ways to write it, all their mutants, two thousand random trials for each that the checks let pass."""
    one, question = alone(exam, name)
    trials = prepare_trials(one, question)
    killed, equivalent, survivors = 0, 0, []
    for file in RIGHT:
        result = score(one, question, file, trials)
        killed += result.killed
        equivalent += len(result.equivalent)
        survivors += [(file.stem, name, one.mutant.before, one.mutant.after) for one in result.survivors]

    record_property(f"mutants of {name}", f"{killed} noticed, {len(survivors)} not, {equivalent} are no mistakes")
    assert killed / (killed + len(survivors)) >= WANTED
    assert [one for one in survivors if one not in LOOKED_AT] == []


def test_a_gap_in_the_checks_is_found(exam: Exam) -> None:
    """Without broadcasting among the cases, whoever does not add up survives, and the trials know it for a mistake."""
    _, question = alone(exam, "add")
    same_shapes = tuple(plan for plan in question.cases if plan.family in ("runs", "values"))
    poor = replace(question, cases=same_shapes, points={"runs": 1, "values": 1})
    one = make_exam(replace(exam.assignment, questions=(poor,)))

    result = score(one, poor, SOLUTION, prepare_trials(one, alone(exam, "add")[1], CHUNK))

    assert ("unbroadcast(grad_out, a.shape)", "grad_out") in {
        (one.mutant.before, one.mutant.after) for one in result.survivors
    }


@pytest.mark.parametrize("name", QUESTIONS)
def test_trials_are_fair_and_not_those_of_the_deck(exam: Exam, name: str) -> None:
    """The solution passes them all; their sizes are random."""
    one, question = alone(exam, name)
    trials = prepare_trials(one, question, CHUNK, seed=7)

    for chunk in trials.chunks:
        answers = asked_here(one, question.function)(SOLUTION.read_text(encoding="utf-8"), chunk.deck)
        results = judge(chunk, answers)
        assert [check.facts for result in results for check in result.checks if check.fault] == []
        assert {result.outcome for result in results} == {Outcome.PASSED}
    assert len(trials.chunks[0].deck.cases) == CHUNK
    assert len({case.words for case in trials.chunks[0].deck.cases}) > CHUNK // 3


def test_trials_are_the_same_for_the_same_seed(exam: Exam) -> None:
    """A score that is quoted can be had again."""
    one, question = alone(exam, "matmul")

    first, again = (make_trials(one.assignment, question, 3, 20).questions[0].cases for _ in range(2))

    assert first == again
