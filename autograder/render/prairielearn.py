"""A report as PrairieLearn's results.json: a share of the points, and one test for each question.

PrairieLearn's specification: https://docs.prairielearn.com/externalGrading/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.records import QuestionResult, Report, ReportOutcome
from autograder.render.card import ScreenWords
from autograder.render.fences import plain
from autograder.render.question_text import question_text


def prairielearn_results(report: Report, words: Mapping[str, str], screen: ScreenWords) -> dict[str, Any]:
    """The document for a report; `words` are those of hosts.

    A file that nobody can read, and a fault of ours, are not gradable: the student loses no attempt by them.
    """
    if report.outcome is ReportOutcome.ERROR:
        return not_gradable(words["ours"])
    told = [plain(note.message) for note in report.notes if note.message]
    if report.outcome is ReportOutcome.UNREADABLE:
        return not_gradable(*told)
    return {
        "gradable": True,
        "score": max(0.0, min(1.0, (report.score or 0) / max(1, report.max_score))),
        "message": "\n\n".join(told),
        "tests": [_test(question, words, screen) for question in report.questions],
    }


def not_gradable(*reasons: str) -> dict[str, Any]:
    """What stands there where there is no score, and why."""
    return {"gradable": False, "format_errors": list(reasons)}


def _test(question: QuestionResult, words: Mapping[str, str], screen: ScreenWords) -> dict[str, Any]:
    return {
        "name": question.name,
        "points": question.score,
        "max_points": question.max_score,
        "output": question_text(question, words, screen),
    }
