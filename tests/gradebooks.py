"""Classes without grading: students, hand-ins and reports as the tests of whole classes need them."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.gradebook import Entry, Gradebook, Handin, Override, Policy, Student
from autograder.policy import grade_students
from autograder.records import CheckResult, Note, Outcome, QuestionResult, Report, ReportOutcome
from autograder.render.feedback import load_policy_words

ADA = Student("s1000", "Ada Lovelace", "ada.lovelace@example.edu", "A")
ALAN = Student("s1001", "Alan Turing", "alan.turing@example.edu", "A")
GRACE = Student("s1002", "Grace Hopper", "grace.hopper@example.edu", "B")
EMMY = Student("s1003", "Emmy Noether", "emmy.noether@example.edu", "B")


def question(name: str, score: int, max_score: int, message: str = "", *mistakes: str, **more: str) -> QuestionResult:
    """A question of one check, with what the student is told of it."""
    outcome = Outcome.PASSED if score == max_score else Outcome.FAILED
    check = CheckResult("values", outcome, score, max_score, message=message)
    visibility = more.get("visibility", "visible")
    return QuestionResult(name, f"{name}_backward", outcome, score, max_score, visibility, mistakes, (check,))


def report(name: str, score: int | None, questions: Sequence[QuestionResult] = (), outcome: str = "") -> Report:
    """A report of 100 points; without a score, it is a fault of the grader."""
    ended = ReportOutcome(outcome or ("error" if score is None else "graded"))
    notes = (Note("unreadable", {}, "The file holds no cells."),) if ended is ReportOutcome.UNREADABLE else ()
    return Report(name, ended, score, 100, 0, (), notes, tuple(questions))


def entry(
    score: int | None,
    *students: Student,
    name: str = "",
    submitted: str = "",
    is_late: bool | None = None,
    attempt: int = 1,
    questions: Sequence[QuestionResult] = (),
    outcome: str = "",
) -> Entry:
    """A graded hand-in of these students, called after the first of them."""
    name = name or f"{students[0].id}.ipynb"
    handin = Handin(name, students, None, "hw.ipynb", submitted, is_late, attempt)
    return Entry(handin, "", report(name, score, questions, outcome))


def gradebook(
    entries: Sequence[Entry],
    students: Sequence[Student] = (),
    policy: Policy = Policy(),  # noqa: B008 - frozen
    overrides: Sequence[Override] = (),
    layout: str = "plain",
) -> Gradebook:
    """A class of `backprop`, graded."""
    grades = grade_students(entries, students, policy, overrides, 100, load_policy_words("en"))
    return Gradebook(
        "backprop", "Backpropagation by hand", "1.0", 2026, 100, layout, {}, policy, grades, tuple(entries)
    )
