"""Answers become a report. Pure but for what has to be asked again, so a sandbox and a notebook judge the same way.

checks.compare → checks.gradient, checks.training → scoring → render.feedback
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from weakref import WeakKeyDictionary

from autograder.checks.compare import Comparison, compare
from autograder.checks.gradient import check_question, is_numerically_differentiated
from autograder.checks.reference import Reference
from autograder.checks.training import check_training, with_mercy
from autograder.exams import Exam, can_be_lent
from autograder.records import (
    Answers,
    CheckResult,
    Deck,
    Note,
    Outcome,
    Question,
    QuestionResult,
    Report,
    ReportOutcome,
)
from autograder.render.feedback import explain
from autograder.scoring import score_question

Ask = Callable[[Collection[str], Sequence[str]], Answers]
"""Answers of the same submission once more: of the functions `only`, with right ones in the places of the `given`."""

FLAGGED_NOTES: Mapping[str, str] = {"complex-numbers": "complex-step", "calls-forward": "calls-forward"}
"""Notes about the source that a person should look at, and the flag each one raises."""


def report_on(exam: Exam, submission_name: str, answers: Answers, ask_again: Ask) -> Report:
    """The report on a submission's first answers, and on those to whatever has to be asked again."""
    if answers.unreadable is not None:
        return unreadable_report(exam, submission_name, answers.unreadable)
    results = question_results(exam, answers)
    again = _to_be_asked_again(_with_mercy(exam, results), answers)
    for name in again:
        answers = _with_answers_of(name, exam.deck, answers, ask_again([name], ()))
    if again:
        results = question_results(exam, answers, _unmoved(exam, results, again))
    answers, results = _with_right_helpers(exam, answers, results, ask_again)
    return make_report(exam, submission_name, answers, _with_mercy(exam, results))


def _with_right_helpers(
    exam: Exam, answers: Answers, unmerciful: tuple[QuestionResult, ...], ask_again: Ask
) -> tuple[Answers, tuple[QuestionResult, ...]]:
    """The answers and results, with those of functions that call another one which lost its points: asked once more,
    with a right one in its place. Kept where that earns more, with a note that says so."""
    results = _with_mercy(exam, unmerciful)
    lost = [result.function for result in results if result.function and result.outcome is Outcome.FAILED]
    given = [name for name in lost if exam.assignment.mercy and can_be_lent(exam.assignment, name)]
    callers = [name for name in lost if set(answers.written[name].calls) & set(given)]
    if not callers:
        return answers, unmerciful
    runs = [case.function for case in exam.deck.cases if case.run is not None and set(case.run.needs) & set(callers)]
    again = ask_again([*callers, *runs], given)
    merged = answers
    for name in (*callers, *runs):
        merged = _with_answers_of(name, exam.deck, merged, again)
    anew = question_results(exam, merged, _unmoved(exam, unmerciful, callers))
    if sum(result.score for result in _with_mercy(exam, anew)) <= sum(result.score for result in results):
        return answers, unmerciful
    note = Note("given", {"names": ", ".join(callers), "given": ", ".join(given)})
    return replace(merged, notes=(*merged.notes, note)), anew


def judge(exam: Exam, answers: Answers) -> tuple[QuestionResult, ...]:
    """The scored questions, from answers alone. Pure: the notebook judges the same way."""
    return _with_mercy(exam, question_results(exam, answers))


def question_results(
    exam: Exam, answers: Answers, known: Mapping[str, QuestionResult] = MappingProxyType({})
) -> tuple[QuestionResult, ...]:
    """The scored questions, each by itself. Those that are `known` from earlier answers are not judged again."""
    comparison = _compared(exam, answers)
    return tuple(
        known[question.name]
        if question.name in known
        else score_question(question, _checks(exam, question, answers, comparison))
        for question in exam.assignment.questions
    )


def _unmoved(exam: Exam, results: Sequence[QuestionResult], again: Collection[str]) -> Mapping[str, QuestionResult]:
    """The results, by question, that do not hang on functions which were asked again. Every model may hang on any."""
    trained = {question.name for question in exam.assignment.questions if question.models}
    return {one.name: one for one in results if one.name not in trained and one.function not in again}


def _with_mercy(exam: Exam, results: Sequence[QuestionResult]) -> tuple[QuestionResult, ...]:
    """The results, in which no function costs its points a second time."""
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
