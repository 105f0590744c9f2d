"""Small classes with ready-made reports, for tests of what is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.gradebook import Adjustment, Entry, Grade, Gradebook, Handin, Policy, Student
from autograder.load.assignment import load_assignment
from autograder.records import CheckResult, Note, Outcome, QuestionResult, Report, ReportOutcome
from autograder.render.feedback import Catalogue
from conftest import ROOT

QUESTIONS = {"add": 8, "multiply": 12, "matmul": 14}
HOSTILE = (
    "<script>alert(1)</script>",
    "\x1b[31mred\x1b[0m \x07",
    "\u202egnp.exe\u202c",
    "\"quoted\" 'both' & <b>bold</b>",
    "x" * 200,
    "🦆" * 30,
    "<img src=x onerror=alert(2)>",
    "</title></style></svg><svg onload=alert(3)>",
    "{{ 7 * 7 }} {% raw %}",
    "javascript:alert(4)",
)
"""What a student may be called, or print, or call a file."""

CURVE = {"steps": 4, "every": 1, "expected_curve": [2.0, 1.5, 1.2, 1.1, 1.0], "curve": [2.0, 2.1, 2.4, "nan", "nan"]}


def question(
    name: str, score: int, fault: str = "", *mistakes: str, message: str = "", **other: object
) -> QuestionResult:
    """A question with all its points or with one check that lost some."""
    outcome = Outcome.PASSED if not fault else Outcome.FAILED
    check = CheckResult("values", outcome, score, QUESTIONS[name], fault or None, {}, message)
    made = QuestionResult(name, f"{name}_backward", outcome, score, QUESTIONS[name], "visible", mistakes, (check,))
    return replace(made, **other)  # type: ignore[arg-type]


def training(curve: dict[str, object]) -> QuestionResult:
    """A training question whose run does not come down."""
    check = CheckResult("learning", Outcome.FAILED, 0, 3, "run-bends", curve)
    return QuestionResult("xor", None, Outcome.FAILED, 0, 5, "visible", (), (check,))


def report(*questions: QuestionResult, **other: object) -> Report:
    """A graded report of so many questions."""
    score = sum(one.score for one in questions)
    made = Report("hw.py", ReportOutcome.GRADED, score, sum(QUESTIONS.values()), 0, (), (), questions)
    return replace(made, **other)  # type: ignore[arg-type]


def scored(*scores: int) -> Report:
    """A report with these scores, in the order of the questions, and wrong numbers where points were lost."""
    pairs = zip(QUESTIONS.items(), scores)
    return report(*(question(name, score, "" if score == most else "values") for (name, most), score in pairs))


def graded(name: str, told: Report | None, *adjustments: Adjustment, notes: Sequence[Note] = ()) -> Grade:
    """The grade that follows from a report, or from nothing."""
    student = Student(f"id-{name}", name, f"{name}@example.edu")
    if told is None:
        return Grade(student, None, None, 34)
    handin = Handin(f"hw-{name}", (student,), None, f"file of {name}.ipynb", notes=tuple(notes))
    score = None if told.score is None else told.score + sum(one.points for one in adjustments)
    return Grade(student, Entry(handin, "0" * 64, told), score, 34, adjustments, 1)


def gradebook(*grades: Grade, **other: object) -> Gradebook:
    """A class of these grades."""
    entries = tuple(grade.entry for grade in grades if grade.entry is not None)
    made = Gradebook("backprop", "Backpropagation by hand", "1.0", 7, 34, "folder", {}, Policy(), grades, entries)
    return replace(made, **other)  # type: ignore[arg-type]


def catalogue(language: str = "en") -> Catalogue:
    return Catalogue.load(replace(load_assignment(str(ROOT / "assignments" / "backprop")), language=language))


def hostile_class() -> Gradebook:
    """Everything that a student may choose the words of is hostile, in everybody's hand-in another way."""
    grades = []
    for place, text in enumerate(HOSTILE):
        note = Note("syntax-error", {}, text)
        lost = question("add", 3, "raised", message=text)
        told = report(lost, question("multiply", 12), question("matmul", place), training(CURVE), notes=(note,))
        grades.append(graded(text, told, Adjustment("late", -1.0, text), notes=[note]))
    unreadable = report(outcome=ReportOutcome.UNREADABLE, score=0, notes=(Note("syntax-error", {}, HOSTILE[0]),))
    return gradebook(*grades, graded("Zed", unreadable), graded(HOSTILE[6], None), remarks=(HOSTILE[0],))
