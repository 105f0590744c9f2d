"""A report as Gradescope's results.json: one test for each question, and one sentence about what to do next.

Gradescope's specification: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.records import GRADESCOPE_SCHEMA, Facts, Outcome, QuestionResult, Report, ReportOutcome
from autograder.render.card import ScreenWords
from autograder.render.fences import fenced
from autograder.render.question_text import VISIBLE, whole_text
from autograder.render.strip import not_right


@dataclass(frozen=True)
class Attempt:
    """What the platform and the machine say of one run: which attempt it is, and what our `extra_data` keep of it."""

    number: int = 1
    layers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    version: str = ""
    assignment: str = ""
    with_leaderboard: bool = False


def gradescope_results(
    report: Report, attempt: Attempt, words: Mapping[str, str], screen: ScreenWords, is_final: bool = True
) -> dict[str, Any]:
    """The document for a report; `words` are those of Gradescope. A report that is not final says so.

    A fault of ours has a sentence, and no test that could be taken for the student's.
    """
    document: dict[str, Any] = {
        "score": report.score or 0,
        "execution_time": round(attempt.seconds, 2),
        "output": "\n\n".join(_top(report, attempt, words, is_final)),
        "output_format": "md",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": [
            _test(str(number), question, words, screen) for number, question in enumerate(report.questions, start=1)
        ],
        "extra_data": {
            "schema": GRADESCOPE_SCHEMA,
            "outcome": report.outcome.value if is_final else "unfinished",
            "score": report.score,
            "max_score": report.max_score,
            "assignment": attempt.assignment,
            "version": attempt.version,
            "deck": report.deck,
            "flags": list(report.flags),
            "notes": [[note.fault, note.message] for note in report.notes],
            "layers": dict(attempt.layers),
            "seconds": round(attempt.seconds, 2),
        },
    }
    if attempt.with_leaderboard and report.score is not None:
        document["leaderboard"] = [{"name": words["points"], "value": report.score, "order": "desc"}]
    return document


def unfinished_results(words: Mapping[str, str], reason: str = "unfinished") -> dict[str, Any]:
    """What stands there until the grader has something better, and for good where it cannot finish."""
    return {
        "score": 0,
        "output": words[reason],
        "output_format": "md",
        "stdout_visibility": "hidden",
        "tests": [],
        "extra_data": {"schema": GRADESCOPE_SCHEMA, "outcome": "error"},
    }


def _top(report: Report, attempt: Attempt, words: Mapping[str, str], is_final: bool) -> list[str]:
    """Points, attempt and the next question; what is wrong with the file as a whole; and what is shown later."""
    if report.outcome is ReportOutcome.ERROR:
        return [words["ours"], *(fenced(note.message) for note in report.notes)]
    facts: Facts = {"score": report.score, "max_score": report.max_score, "attempt": attempt.number}
    said = [] if is_final else [words["not_all"]]
    if any(question.visibility != VISIBLE for question in report.questions):
        said.append(words["some_later"].format_map(facts))
    else:
        said.append(words["score"].format_map(facts))
    waiting = [question for question in not_right(report) if question.visibility == VISIBLE]
    if waiting:
        said.append(words["next"].format(question=waiting[0].name))
    elif report.questions:
        said.append(words["all_right"])
    return [*said, *(fenced(note.message) for note in report.notes)]


def _test(number: str, question: QuestionResult, words: Mapping[str, str], screen: ScreenWords) -> dict[str, Any]:
    return {
        "number": number,
        "name": question.name,
        "score": question.score,
        "max_score": question.max_score,
        "status": "passed" if question.outcome is Outcome.PASSED else "failed",
        "output": fenced(whole_text(question, screen, words["cut"])),
        "output_format": "md",
        "visibility": question.visibility,
        "tags": [question.name, *question.misconceptions],
        "extra_data": {
            "outcome": question.outcome.value,
            "function": question.function,
            "misconceptions": list(question.misconceptions),
            "checks": {
                check.name: [check.score, check.max_score, check.outcome.value, check.fault]
                for check in question.checks
            },
        },
    }
