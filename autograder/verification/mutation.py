"""The grader graded: how many automatic mutants of a right answer its checks notice.

A mutant that the checks let pass is either a gap, or no mistake at all: it computes the same. Thousands of random
trials decide. Clegg, McMinn and Fraser (SIGCSE 2021) find that mutants caught go with students' faults caught.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from autograder.checks.cases import make_deck
from autograder.checks.compare import compare
from autograder.checks.reference import make_reference
from autograder.checks.trials import make_trials
from autograder.grading import Exam, judge
from autograder.records import BONUS, Answers, Assignment, Deck, Outcome, Question
from autograder.verification.mutants import Mutant, mutants_of

TRIALS = 2000

CHUNK = 100
"""Trials between two looks: a mutant that differs at all mostly differs early."""

Ask = Callable[[str, Deck], Answers]
"""Asks the functions of a source text for their answers to a deck, in whatever place is safe for that."""


@dataclass(frozen=True)
class MutationScore:
    """What became of the mutants of one function."""

    killed: int
    equivalent: tuple[Mutant, ...]
    survivors: tuple[Mutant, ...]


@dataclass(frozen=True, eq=False)
class Trials:
    """The random trials of one question, in chunks, each an exam of its own."""

    chunks: tuple[Exam, ...]


def prepare_trials(exam: Exam, question: Question, count: int = TRIALS, seed: int = 0) -> Trials:
    """Trials of a question of the exam's assignment."""
    chunks = range(-(-count // CHUNK))
    return Trials(tuple(_trial_exam(exam, make_trials(exam.assignment, question, seed + n, CHUNK), n) for n in chunks))


def _trial_exam(exam: Exam, assignment: Assignment, seed: int) -> Exam:
    deck = make_deck(assignment, seed)
    return Exam(assignment, deck, make_reference(assignment, deck), exam.catalogue)


def score_mutants(exam: Exam, question: Question, source: str, trials: Trials, ask: Ask) -> MutationScore:
    """Judge every mutant of the question's function in `source`, a right answer, by the exam of this one question."""
    killed = 0
    passed = []
    for mutant in mutants_of(source, question.function):
        if _passes(exam, mutant.source, ask):
            passed.append(mutant)
        else:
            killed += 1
    fair = [_without_unfair(chunk, source, ask) for chunk in trials.chunks] if passed else []
    equivalent = tuple(mutant for mutant in passed if all(_passes(chunk, mutant.source, ask) for chunk in fair))
    return MutationScore(killed, equivalent, tuple(mutant for mutant in passed if mutant not in equivalent))


def _passes(exam: Exam, source: str, ask: Ask) -> bool:
    results = judge(exam, ask(source, exam.deck))
    return all(check.outcome is Outcome.PASSED for result in results for check in result.checks if check.name != BONUS)


def _without_unfair(chunk: Exam, source: str, ask: Ask) -> Exam:
    """The chunk without the trials that the right answer itself does not pass: a mutant need not be better."""
    right = compare(chunk.reference, ask(source, chunk.deck)).is_right
    wrong = {output.case for output, is_right in zip(chunk.reference.outputs, right) if not is_right}
    if not wrong:
        return chunk
    (question,) = chunk.assignment.questions
    fair = tuple(plan for number, plan in enumerate(question.cases) if number not in wrong)
    fewer = replace(chunk.assignment, questions=(replace(question, cases=fair),))
    return _trial_exam(chunk, fewer, chunk.deck.seed)
