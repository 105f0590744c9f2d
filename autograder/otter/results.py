"""A report of ours as results of otter: every number, every text, and what students may see of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from otter.test_files import GradingResults, TestCase, TestFile
from otter.test_files.abstract_test import TestCaseResult

from autograder.otter.card_text import card_text
from autograder.records import BONUS, Assignment, Outcome, Question, QuestionResult, Report, ReportOutcome
from autograder.render.feedback import load_otter_words, load_screen_words


class ReportFile(TestFile):  # type: ignore[misc]
    """A part of a report as otter keeps it: a test file with one case, whose text is ours."""

    def __init__(self, name: str, score: int, max_score: int, passed: bool, text: str, public_text: str | None) -> None:
        """`public_text` stands in the place of the text for students, where they may not see it."""
        is_hidden = public_text is not None
        case = TestCase(name, "", is_hidden, max_score, None, None)
        super().__init__(name, f"{name}.py", [case], all_or_nothing=False)
        self.test_case_results = [TestCaseResult(test_case=case, message=text, passed=passed)]
        self.update_score(score)
        self.text = text
        self.public_text = text if public_text is None else public_text

    def summary(self, public_only: bool = False) -> str:
        return self.public_text if public_only else self.text

    def run(self, global_environment: Mapping[str, Any]) -> None:
        """Nothing: it has been graded."""

    @classmethod
    def from_file(cls, path: str) -> ReportFile:
        raise NotImplementedError("It is made from a report.")

    @classmethod
    def from_metadata(cls, s: Any, path: str) -> ReportFile:
        raise NotImplementedError("It is made from a report.")


def fill(results: GradingResults, assignment: Assignment, report: Report) -> None:
    """Put the report in the place of all that otter found. Nothing that was there before counts."""
    filled = GradingResults(list(_question_files(assignment, report)))
    filled.set_output(_whole_text(assignment, report))
    _replace(results, filled)


def fill_with_fault(results: GradingResults, text: str) -> None:
    """A fault of ours before the questions were known: no points of none, and a text that says so."""
    said = load_otter_words("en")["not_graded"].format(text=text)
    filled = GradingResults([ReportFile("grader", 0, 0, False, said, None)])
    filled.set_output(said)
    _replace(results, filled)


def _replace(results: GradingResults, filled: GradingResults) -> None:
    """Otter keeps the object that it gave to a plugin, so its content is exchanged; but not the notebook that ran."""
    vars(results).update({name: value for name, value in vars(filled).items() if name != "notebook"})


def _question_files(assignment: Assignment, report: Report) -> Iterator[ReportFile]:
    """One for each question of the assignment; with 0 points and the reason where the report has none."""
    later, screen = load_otter_words(assignment.language)["later"], load_screen_words(assignment.language)
    found = {question.name: question for question in report.questions}
    for question in assignment.questions:
        result = found.get(question.name)
        text = _why_nothing(assignment, report) if result is None else card_text(_alone(report, result), screen)
        yield ReportFile(
            name=question.name,
            score=0 if result is None else _clamped(result.score, question),
            max_score=question.max_score,
            passed=result is not None and result.outcome is Outcome.PASSED,
            text=text,
            public_text=None if question.visibility == "visible" else later.format(name=question.name),
        )


def _clamped(score: int, question: Question) -> int:
    """No less than nothing, and no more than the maximum with its bonus."""
    return max(0, min(score, question.max_score + question.points.get(BONUS, 0)))


def _alone(report: Report, result: QuestionResult) -> Report:
    return replace(report, questions=(result,), notes=())


def _why_nothing(assignment: Assignment, report: Report) -> str:
    """Why no question was graded. Where that is our fault, it says so to the student."""
    (note, *_) = report.notes
    if report.outcome is ReportOutcome.ERROR:
        return load_otter_words(assignment.language)["not_graded"].format(text=note.facts["text"])
    return note.message


def _whole_text(assignment: Assignment, report: Report) -> str:
    """What is said of the whole submission. The sum only where students may see all of it."""
    if report.outcome is not ReportOutcome.GRADED:
        return _why_nothing(assignment, report)
    words = load_otter_words(assignment.language)
    is_open = all(question.visibility == "visible" for question in assignment.questions)
    total = [words["score"].format(score=report.score, max_score=report.max_score)] if is_open else []
    return "\n".join([*total, *(note.message for note in report.notes)])
