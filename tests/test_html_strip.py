"""The strip of all questions in HTML: where a student stands, and what comes next."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pages import Page

from autograder.exams import Exam
from autograder.judging import error_report
from autograder.records import Note, Outcome, QuestionResult, Report, ReportOutcome
from autograder.render.card import SIGNS
from autograder.render.feedback import load_screen_words
from autograder.render.html_strip import strip_html

WORDS = load_screen_words("en")


def report_with(*outcomes: Outcome, notes: tuple[Note, ...] = ()) -> Report:
    """One question of two points for each outcome, named by letters."""
    questions = tuple(
        QuestionResult(name, name, outcome, 2 * (outcome is Outcome.PASSED), 2, "visible", (), ())
        for name, outcome in zip("abcdef", outcomes)
    )
    score = sum(question.score for question in questions)
    return Report("hw.py", ReportOutcome.GRADED, score, 2 * len(questions), 0, (), notes, questions)


CHIP = (
    '<span style="display:inline-block;border:1px solid rgba(127,127,127,0.4);border-radius:14px;'
    'padding:1px 10px 1px 2px;margin:3px 8px 3px 0;white-space:nowrap" title="{name}: {word}">'
    '<span style="background-color:{colour};color:#ffffff;border-radius:12px;padding:2px 10px;font-weight:700;'
    'white-space:nowrap">{sign}</span> {name} <span style="opacity:0.75;font-size:12.5px">{score}/2</span></span>'
)


def test_the_whole_strip() -> None:
    """The sum, each question with its sign, its name and its points, and the next one to do."""
    right = CHIP.format(name="a", word="Passed", colour="#1a7f37", sign="✓", score=2)
    wrong = CHIP.format(name="b", word="Not yet", colour="#b04600", sign="✗", score=0)
    code = (
        "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12.5px;background-color:rgba(127,127,127,0.14);"
        "color:inherit;border-radius:4px;padding:1px 4px"
    )

    assert strip_html(report_with(Outcome.PASSED, Outcome.FAILED), WORDS) == (
        '<div style="border:1px solid rgba(127,127,127,0.4);border-left:6px solid #b04600;border-radius:8px;'
        "padding:10px 16px;max-width:720px;margin:4px 0;font-family:system-ui,sans-serif;font-size:14px;"
        'line-height:1.5"><div style="font-size:15px;margin:0 0 6px 0"><b>2 / 4 points</b></div>'
        f"<div>{right}{wrong}</div>"
        f'<div style="margin:6px 0;overflow-wrap:break-word">Next: <b><code style="{code}">b</code></b></div></div>'
    )


def test_every_outcome_has_its_sign() -> None:
    """The signs are those of the text."""
    text = Page(strip_html(report_with(*Outcome), WORDS)).text

    assert text.startswith("2 / 12 points" + "".join(
        f"{SIGNS[outcome]} {name} {2 * (outcome is Outcome.PASSED)}/2" for name, outcome in zip("abcdef", Outcome)
    ))  # fmt: skip
    assert text.endswith("Next: b")


def test_who_is_done_is_told_so() -> None:
    """In German as well, and the border is green."""
    done = report_with(Outcome.PASSED)

    assert Page(strip_html(done, WORDS)).text == "2 / 2 points✓ a 2/2Everything is right. Hand it in."
    german = Page(strip_html(done, load_screen_words("de")))
    assert german.text == "2 / 2 Punkte✓ a 2/2Alles stimmt. Du kannst abgeben."
    assert german.styles[0]["border-left"] == "6px solid #1a7f37"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_notes_and_names_are_text(text: str) -> None:
    """A note may quote a line of the student's file, and an instructor may name a question anything."""
    report = report_with(Outcome.FAILED, notes=(Note("syntax-error", {}, text),))
    report = replace(report, questions=(replace(report.questions[0], name=text),))

    assert Page(strip_html(report, WORDS)).text == f"0 / 2 points✗ {text} 0/2Note: {text}Next: {text}"


def test_a_file_that_could_not_be_read_is_a_title_and_a_note() -> None:
    """There are no questions to show."""
    report = replace(report_with(notes=(Note("no-text", {}, "It is no text."),)), outcome=ReportOutcome.UNREADABLE)

    assert Page(strip_html(report, WORDS)).text == "hw.py   could not be read   0 / 0Note: It is no text."


def test_a_fault_of_ours_has_no_score(exam: Exam) -> None:
    """And its note says whose it is."""
    report = error_report(exam, "hw.py", Note("grader-fault", {"text": "ValueError: x"}))

    assert Page(strip_html(report, WORDS)).text == f"hw.py   not gradedNote: {report.notes[0].message}"
    assert "This is our fault" in report.notes[0].message
