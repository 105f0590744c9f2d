"""Where the wings meet: a submission goes in, a report comes out.

load.layouts → sandbox → checks.compare → checks.gradient → scoring → render.feedback
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from weakref import WeakKeyDictionary

from autograder.checks.cases import make_deck, make_function_deck, with_training
from autograder.checks.compare import Comparison, compare
from autograder.checks.concealment import conceal
from autograder.checks.gradient import check_question, is_numerically_differentiated
from autograder.checks.reference import Reference, make_reference, prove_forwards
from autograder.checks.training import check_training, with_mercy
from autograder.checks.verdicts import prove_verdicts
from autograder.copies import can_be_given
from autograder.errors import UsageError, did_you_mean
from autograder.load.assignment import load_assignment
from autograder.records import (
    Answers,
    Assignment,
    CheckResult,
    Deck,
    Note,
    Operation,
    Outcome,
    Question,
    QuestionResult,
    Report,
    ReportOutcome,
    Submission,
)
from autograder.render.feedback import Catalogue, explain
from autograder.sandbox.client import Sandbox
from autograder.scoring import score_question

SEED = 2026

DECKS = 16
"""How many decks a class has."""

FLAGGED_NOTES: Mapping[str, str] = {"complex-numbers": "complex-step", "calls-forward": "calls-forward"}
"""Notes about the source that a person should look at, and the flag each one raises."""


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
    names = [question.name for question in assignment.questions]
    if name not in names:
        hint = did_you_mean(name, names) or f"they are {', '.join(names)}."
        raise UsageError(f"{assignment.name} has no question {name}: {hint}")
    chosen = assignment.questions[names.index(name)]
    called = {forward for model in chosen.models for forward in assignment.models[model].operations}
    questions = [one for one in assignment.questions if one is chosen or one.forward in called]
    return replace(assignment, questions=tuple(questions))


def grade(exam: Exam, submission: Submission, sandbox: Sandbox) -> Report:
    """The report of one submission. Raises SandboxError when no worker can be had, and for nothing a student did."""
    return grade_answers(exam, submission, sandbox, ask(exam, submission, sandbox))


def grade_answers(exam: Exam, submission: Submission, sandbox: Sandbox, answers: Answers) -> Report:
    """The report on a submission's first answers, and on those to whatever has to be asked again."""
    if answers.unreadable is not None:
        return unreadable_report(exam, submission.name, answers.unreadable)
    results = judge(exam, answers)
    for name in _to_be_asked_again(results, answers):
        alone = ask(exam, submission, sandbox, only=[name])
        answers = _with_answers_of(name, exam.deck, answers, alone)
        results = judge(exam, answers)
    answers, results = _with_right_helpers(exam, submission, sandbox, answers, results)
    return make_report(exam, submission.name, answers, results)


def ask(
    exam: Exam | Paper,
    submission: Submission,
    sandbox: Sandbox,
    only: Collection[str] | None = None,
    given: Sequence[str] = (),
) -> Answers:
    """What the submission answers, as far as its report may tell of it. No reference is needed for that."""
    unseen = [question.name for question in exam.assignment.questions if question.visibility != "visible"]
    return conceal(sandbox.answer(submission, exam.deck, only, given), exam.deck, unseen)


def _with_right_helpers(
    exam: Exam, submission: Submission, sandbox: Sandbox, answers: Answers, results: tuple[QuestionResult, ...]
) -> tuple[Answers, tuple[QuestionResult, ...]]:
    """The answers and results, with those of functions that call another one which lost its points: asked once more,
    with a right one in its place. Kept where that earns more, with a note that says so."""
    lost = [result.function for result in results if result.function and result.outcome is Outcome.FAILED]
    given = [name for name in lost if exam.assignment.mercy and _can_be_given(exam.assignment, name)]
    callers = [name for name in lost if set(answers.written[name].calls) & set(given)]
    if not callers:
        return answers, results
    runs = [case.function for case in exam.deck.cases if case.run is not None and set(case.run.needs) & set(callers)]
    again = ask(exam, submission, sandbox, [*callers, *runs], given)
    merged = answers
    for name in (*callers, *runs):
        merged = _with_answers_of(name, exam.deck, merged, again)
    merciful = judge(exam, merged)
    if sum(result.score for result in merciful) <= sum(result.score for result in results):
        return answers, results
    note = Note("given", {"names": ", ".join(callers), "given": ", ".join(given)})
    return replace(merged, notes=(*merged.notes, note)), merciful


def _can_be_given(assignment: Assignment, function: str) -> bool:
    """Whether a right function can be put in its place without any formula, and is a helper: one that receives a shape,
    as the one that broadcasting needs."""
    return any(
        any(name.endswith(".shape") for name in question.receives) and can_be_given(_operation(assignment, question))
        for question in assignment.questions
        if question.function == function and not any(operand.is_list for operand in question.operands)
    )


def _operation(assignment: Assignment, question: Question) -> Operation:
    operands = tuple(operand.name for operand in question.operands)
    forward = assignment.forwards[question.forward]
    return Operation(forward, operands, question.function, question.receives, question.gradients)


def judge(exam: Exam, answers: Answers) -> tuple[QuestionResult, ...]:
    """The scored questions, from answers alone. Pure: the notebook judges the same way."""
    comparison = _compared(exam, answers)
    results = [
        score_question(question, _checks(exam, question, answers, comparison)) for question in exam.assignment.questions
    ]
    merciful = with_mercy(exam.assignment, results)
    return tuple(
        result if result is before else score_question(question, result.checks)
        for question, before, result in zip(exam.assignment.questions, results, merciful)
    )


_COMPARED: WeakKeyDictionary[Answers, tuple[Reference, Comparison]] = WeakKeyDictionary()
"""The comparison of answers that are still being judged."""


def _compared(exam: Exam, answers: Answers) -> Comparison:
    reference, comparison = _COMPARED.get(answers, (None, None))
    if comparison is None or reference is not exam.reference:
        comparison = compare(exam.reference, answers)
        _COMPARED[answers] = (exam.reference, comparison)
    return comparison


def _checks(exam: Exam, question: Question, answers: Answers, comparison: Comparison) -> tuple[CheckResult, ...]:
    if question.models:
        return check_training(exam.assignment, question, exam.deck, exam.reference, answers, comparison)
    forwards = exam.assignment.forwards
    return check_question(question, forwards, exam.deck, exam.reference, answers, comparison)


def make_report(exam: Exam, submission_name: str, answers: Answers, questions: tuple[QuestionResult, ...]) -> Report:
    """The report of a submission that could be read, in words."""
    comparison = _compared(exam, answers)
    shown = {question.name for question in exam.shown}
    questions = tuple(result for result in questions if result.name in shown)
    report = Report(
        submission=submission_name,
        outcome=ReportOutcome.GRADED,
        score=sum(question.score for question in questions),
        max_score=exam.max_score,
        deck=exam.deck.index,
        flags=_flags(exam, answers, comparison),
        notes=answers.notes,
        questions=tuple(_with_names(exam, answers, comparison, result) for result in questions),
    )
    return explain(report, exam.catalogue)


def _with_names(exam: Exam, answers: Answers, comparison: Comparison, result: QuestionResult) -> QuestionResult:
    """The result with the known mistakes that explain it. Looked for only where something is wrong."""
    question = next(question for question in exam.assignment.questions if question.name == result.name)
    if result.outcome is Outcome.PASSED or question.models or answers.written[question.function].state != "written":
        return result
    # Imported here, because the table of known mistakes is long, and a right submission does without it.
    from autograder.checks.misconceptions.diagnose import diagnose

    try:
        names = diagnose(exam.assignment, question, exam.deck, exam.reference, answers, comparison, result.checks)
    except Exception:  # a name is a courtesy: where it fails, the student keeps score and facts
        names = ()
    return replace(result, misconceptions=names)


def unreadable_report(exam: Exam, submission_name: str, reason: Note) -> Report:
    """A submission that cannot be read at all scores 0 and says why."""
    return _report_without_questions(exam, submission_name, reason, ReportOutcome.UNREADABLE, score=0)


def error_report(exam: Exam, submission_name: str, reason: Note) -> Report:
    """A fault of ours: no score, and never silently the student's zero."""
    return _report_without_questions(exam, submission_name, reason, ReportOutcome.ERROR, score=None)


def _report_without_questions(
    exam: Exam, submission_name: str, reason: Note, outcome: ReportOutcome, score: int | None
) -> Report:
    report = Report(
        submission=submission_name,
        outcome=outcome,
        score=score,
        max_score=exam.max_score,
        deck=exam.deck.index,
        flags=(),
        notes=(reason,),
        questions=(),
    )
    return explain(report, exam.catalogue)


def _to_be_asked_again(results: tuple[QuestionResult, ...], answers: Answers) -> list[str]:
    """Functions that failed in a process in which others ran, too, which may have broken numpy or the answers for them.

    Not those that ran out of time: a second try would cost the same again.
    """
    return [
        result.function
        for result in results
        if result.function is not None
        and result.outcome in (Outcome.FAILED, Outcome.STOPPED)
        and answers.written[result.function].state == "written"
        and result.function not in answers.alone
        and not any(check.fault == "time" for check in result.checks)
    ]


def _with_answers_of(function: str, deck: Deck, answers: Answers, alone: Answers) -> Answers:
    """`answers`, with those of one function replaced by what it said in a process of its own."""
    if alone.unreadable is not None or alone.written[function].state != "written":
        return answers
    cases = tuple(
        new if case.function == function else old for case, old, new in zip(deck.cases, answers.cases, alone.cases)
    )
    return replace(answers, cases=cases)


def _flags(exam: Exam, answers: Answers, comparison: Comparison) -> tuple[str, ...]:
    flags = {FLAGGED_NOTES[note.fault] for note in answers.notes if note.fault in FLAGGED_NOTES}
    if any(
        is_numerically_differentiated(question, exam.deck, exam.reference, comparison)
        for question in exam.assignment.questions
    ):
        flags.add("finite-differences")
    return tuple(sorted(flags))
