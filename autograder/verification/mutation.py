"""The grader graded: how many automatic mutants of a right answer its checks notice.

A mutant that the checks let pass is either a gap, or no mistake at all: it computes the same. Thousands of random
trials decide. Clegg, McMinn and Fraser (SIGCSE 2021) find that mutants caught go with students' faults caught.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from autograder.checks.cases import make_deck
from autograder.checks.compare import compare
from autograder.checks.reference import make_reference
from autograder.checks.trials import make_trials
from autograder.exams import Exam
from autograder.judging import judge
from autograder.records import BONUS, Answers, Assignment, CheckResult, Deck, Outcome, Question, QuestionResult
from autograder.verification.mutants import Mutant, mutants_of

TRIALS = 2000

CHUNK = 100
"""Trials between two looks: a mutant that differs at all mostly differs early."""

Ask = Callable[[str, Deck], Answers]
"""Asks the functions of a source text for their answers to a deck, in whatever place is safe for that."""


@dataclass(frozen=True)
class Survivor:
    """A mutant that the checks let pass, and the words of a trial in which it differs."""

    mutant: Mutant
    case: str


@dataclass(frozen=True)
class MutationScore:
    """What became of the mutants of one function."""

    killed: int
    equivalent: tuple[Mutant, ...]
    survivors: tuple[Survivor, ...]


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
    return Exam(assignment, deck, make_reference(assignment, deck), exam.catalogue, assignment.questions)


def score_mutants(exam: Exam, question: Question, source: str, trials: Trials, ask: Ask) -> MutationScore:
    """Judge every mutant of the question's function in `source`, a right answer, by the exam of this one question."""
    killed = 0
    passed = []
    for mutant in mutants_of(source, question.function):
        if passes(exam, ask(mutant.source, exam.deck)):
            passed.append(mutant)
        else:
            killed += 1
    fair = [_without_unfair(chunk, source, ask) for chunk in trials.chunks] if passed else []
    told = {mutant: _where_it_differs(fair, mutant, ask) for mutant in passed}
    return MutationScore(
        killed,
        equivalent=tuple(mutant for mutant, case in told.items() if not case),
        survivors=tuple(Survivor(mutant, case) for mutant, case in told.items() if case),
    )


def _where_it_differs(chunks: Sequence[Exam], mutant: Mutant, ask: Ask) -> str:
    """The words of the first check that a mutant does not pass in any of the trials; "" where it passes them all."""
    for chunk in chunks:
        lost = _lost_checks(judge(chunk, ask(mutant.source, chunk.deck)))
        if lost:
            return str(lost[0].facts.get("case", lost[0].fault))
    return ""


def passes(exam: Exam, answers: Answers) -> bool:
    """Whether nothing is lost that counts."""
    return not lost_families(judge(exam, answers))


def lost_families(results: Iterable[QuestionResult]) -> list[str]:
    """The families that did not pass, without a bonus, which nobody has to earn."""
    return [check.name for check in _lost_checks(results)]


def _lost_checks(results: Iterable[QuestionResult]) -> list[CheckResult]:
    checks = [check for result in results for check in result.checks if check.name != BONUS]
    return [check for check in checks if check.outcome is not Outcome.PASSED]


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
