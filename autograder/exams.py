"""What the submissions of a class are asked, and what a right one answers: `make_exam(assignment) -> Exam`.

load.assignment → checks.cases → checks.reference
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from threading import Lock

from autograder.checks.cases import make_deck, make_function_deck, with_training
from autograder.checks.reference import Reference, make_reference, prove_forwards
from autograder.checks.verdicts import prove_verdicts
from autograder.copies import can_be_given
from autograder.errors import UsageError, did_you_mean
from autograder.load.assignment import load_assignment
from autograder.records import Assignment, Deck, Operation, Question, Submission
from autograder.render.feedback import Catalogue

SEED = 2026

DECKS = 16
"""How many decks a class has."""


@dataclass(frozen=True, eq=False)
class Paper:
    """What one run asks of every submission: drawn, and not yet answered by the reference.

    A worker can answer it meanwhile. `shown` are the questions that are reported; others are asked because these depend
    on them.
    """

    assignment: Assignment
    deck: Deck
    catalogue: Catalogue
    shown: tuple[Question, ...]


@dataclass(frozen=True, eq=False)
class Exam:
    """What one run asks of every submission, as on its Paper, and what a right submission answers."""

    assignment: Assignment
    deck: Deck
    reference: Reference
    catalogue: Catalogue
    shown: tuple[Question, ...]

    @property
    def max_score(self) -> int:
        return sum(question.max_score for question in self.shown)

    def of(self, _: Submission) -> Exam:
        """The same for every submission; see Exams."""
        return self


class Exams:
    """The exams of a class: several decks, one of which is chosen for each submission by what is in it.

    So grading again gives the same numbers again, and a table of answers is of no use to anybody else. Each is made
    when the first submission asks for it.
    """

    def __init__(self, loaded: Assignment, seed: int = SEED, shown: str = "", decks: int = DECKS) -> None:
        self.assignment = loaded
        self._seed = seed
        self._shown = shown
        self._decks = decks
        self._made: dict[int, Exam] = {}
        self._lock = Lock()

    def index_of(self, submission: Submission) -> int:
        """HMAC(seed, source) mod the number of decks: nobody who does not know the seed can choose."""
        digest = hmac.digest(str(self._seed).encode(), submission.source, "sha256")
        return int.from_bytes(digest, "big") % self._decks

    def of(self, submission: Submission) -> Exam:
        """The exam of a submission. Raises AssignmentError when it cannot be asked."""
        index = self.index_of(submission)
        with self._lock:
            if index not in self._made:
                some = next(iter(self._made.values()), None)
                self._made[index] = (
                    make_exam(self.assignment, self._seed, self._shown, index)
                    if some is None
                    else make_further_exam(some, index)
                )
            return self._made[index]

    def paper_of(self, submission: Submission) -> Paper:
        """What a worker needs of it, for whoever grades a single one; see `draw_paper`."""
        return draw_paper(self.assignment, self._seed, self._shown, self.index_of(submission))


def prepare(assignment: str, seed: int = SEED) -> Exam:
    """The exam of an assignment, by name or folder. Raises AssignmentError when it is broken in any way."""
    return make_exam(load_assignment(assignment), seed)


def make_exam(loaded: Assignment, seed: int = SEED, shown: str = "", index: int = 0) -> Exam:
    """The exam of an assignment that is already read, or of one question of it: `shown`. Deck number `index` of a seed.

    Raises AssignmentError when it cannot be asked.
    """
    return with_reference(draw_paper(loaded, seed, shown, index))


def draw_paper(loaded: Assignment, seed: int = SEED, shown: str = "", index: int = 0) -> Paper:
    """The first half of `make_exam`: all that a worker needs. Raises AssignmentError when it cannot be drawn."""
    functions = make_function_deck(loaded, seed, index)
    prove_forwards(loaded, functions)
    questions = tuple(question for question in loaded.questions if shown in ("", question.name))
    return Paper(loaded, with_training(functions, loaded), Catalogue.load(loaded), questions)


def with_reference(paper: Paper) -> Exam:
    """The second half of `make_exam`. Raises AssignmentError when a case cannot tell right from wrong."""
    reference = make_reference(paper.assignment, paper.deck)
    prove_verdicts(paper.assignment, paper.deck, reference)
    return Exam(paper.assignment, paper.deck, reference, paper.catalogue, paper.shown)


def make_further_exam(exam: Exam, index: int) -> Exam:
    """The same exam with other numbers: deck number `index` of its seed. Raises AssignmentError as `make_exam` does.

    That the forward functions can serve as the answer key is proved by the first deck; each case is looked at anew.
    """
    deck = make_deck(exam.assignment, exam.deck.seed, index)
    return with_reference(Paper(exam.assignment, deck, exam.catalogue, exam.shown))


def with_one_question(assignment: Assignment, name: str) -> Assignment:
    """The assignment with that question alone; a training question comes with those of the functions that it calls.

    Raises UsageError, with a suggestion, when the assignment has none of that name.
    """
    chosen = _question(assignment, name)
    called = {forward for model in chosen.models for forward in assignment.models[model].operations}
    questions = [one for one in assignment.questions if one is chosen or one.forward in called]
    return replace(assignment, questions=tuple(questions))


def with_helpers(assignment: Assignment, name: str) -> Assignment:
    """The same, with the helpers that are lent where a student's own lost its points: so the question earns what it
    earns among all."""
    alone = with_one_question(assignment, name).questions
    lent = [one for one in assignment.questions if assignment.mercy and can_be_lent(assignment, one.function)]
    return replace(assignment, questions=tuple(one for one in assignment.questions if one in alone or one in lent))


def _question(assignment: Assignment, name: str) -> Question:
    names = [question.name for question in assignment.questions]
    if name not in names:
        hint = did_you_mean(name, names) or f"they are {', '.join(names)}."
        raise UsageError(f"{assignment.name} has no question {name}: {hint}")
    return assignment.questions[names.index(name)]


def can_be_lent(assignment: Assignment, function: str) -> bool:
    """Whether a right function can be put in its place without any formula, and is a helper: one that receives a shape,
    as the one that broadcasting needs."""
    return any(
        any(name.endswith(".shape") for name in question.receives) and can_be_given(operation_of(assignment, question))
        for question in assignment.questions
        if question.function == function and not any(operand.is_list for operand in question.operands)
    )


def operation_of(assignment: Assignment, question: Question) -> Operation:
    """The forward function of a question, and how the function that it asks for is called."""
    operands = tuple(operand.name for operand in question.operands)
    forward = assignment.forwards[question.forward]
    return Operation(forward, operands, question.function, question.receives, question.gradients)
