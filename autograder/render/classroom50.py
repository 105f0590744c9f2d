"""A report as Classroom 50's result.json: whole points, and one test for each question.

Classroom 50's specification: https://github.com/foundation50/classroom50/wiki/Advanced-Autograding
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.records import Outcome, QuestionResult, Report
from autograder.render.card import ScreenWords
from autograder.render.question_text import question_text

SCHEMA = "classroom50/result/v1"


def classroom50_result(
    report: Report, identity: Mapping[str, str], words: Mapping[str, str], screen: ScreenWords
) -> dict[str, Any]:
    """The document for a report that has a score. `identity` is what the runner says of the submission: `classroom`,
    `assignment`, `submission`, and more of its fields; `words` are those of hosts."""
    return {
        "schema": SCHEMA,
        **identity,
        "score": report.score,
        "max-score": report.max_score,
        "tests": [_test(question, words, screen) for question in report.questions],
        "notes": [note.fault for note in report.notes],
        "flags": list(report.flags),
    }


def _test(question: QuestionResult, words: Mapping[str, str], screen: ScreenWords) -> dict[str, Any]:
    return {
        "test-name": question.name,
        "passed": question.outcome is Outcome.PASSED,
        "score": question.score,
        "max-score": question.max_score,
        "misconceptions": list(question.misconceptions),
        "output": question_text(question, words, screen),
    }
