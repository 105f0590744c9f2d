"""Grades as tables: complete, in a fixed order, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from gradebooks import ADA, ALAN, GRACE, entry, gradebook, question

from autograder.gradebook import Override, Policy, Student
from autograder.render.grades_csv import render_grades_csv
from autograder.render.nbgrader import first_and_last, render_nbgrader
from autograder.render.spreadsheet import number_cell, text_cell

POLICY = Policy("2026-11-24T23:59:00+01:00", percent_a_day=10)
QUESTIONS = [question("add", 8, 8), question("multiply", 7, 12, "No.", "no-unbroadcast")]
CLASS = gradebook(
    [
        entry(88, ADA, submitted="2026-11-24T12:00:00+01:00", questions=QUESTIONS),
        entry(75, ALAN, submitted="2026-11-25T12:00:00+01:00", attempt=2, questions=QUESTIONS),
    ],
    [ADA, ALAN, GRACE],
    POLICY,
    [Override("s1001", None, 2.5, "a good bug report")],
)


def test_grades_csv_has_a_line_for_each_student() -> None:
    """By name; the sum can be followed; who handed in nothing has an empty score, which is no zero."""
    assert render_grades_csv(CLASS) == (
        "\ufeffstudent,name,email,section,score,max_score,raw,late,adjusted,reasons,attempts,attempt,submitted,outcome,"
        "add,multiply,misconceptions\n"
        "s1000,Ada Lovelace,ada.lovelace@example.edu,A,88,100,88,,,,1,1,2026-11-24T12:00:00+01:00,graded,"
        "8,7,multiply: no-unbroadcast\n"
        "s1001,Alan Turing,alan.turing@example.edu,A,67.5,100,75,-10,2.5,"
        '"late: 12 h 1 min late: 1 day begun, 10 % of 100 points.; points: a good bug report",'
        "1,2,2026-11-25T12:00:00+01:00,graded,8,7,multiply: no-unbroadcast\n"
        "s1002,Grace Hopper,grace.hopper@example.edu,B,,100,,,,,0,,,nothing handed in,,,\n"
    )


def test_a_fault_of_ours_and_an_unreadable_file_are_told_apart() -> None:
    """The first has no score, the second one of 0."""
    book = gradebook([entry(None, ADA), entry(0, ALAN, outcome="unreadable")])
    rows = list(csv.DictReader(io.StringIO(render_grades_csv(book).lstrip("\ufeff"))))

    assert [(row["score"], row["raw"], row["outcome"]) for row in rows] == [("", "", "error"), ("0", "0", "unreadable")]


HOSTILE = {
    '=HYPERLINK("http://x")': '\'=HYPERLINK("http://x")',
    "+1": "'+1",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "'=1",
    "\r=1": "'=1",
    " =1": "'=1",
    '"=1': "'\"=1",
    "'=1": "''=1",
    "＝1+1": "'＝1+1",
    "a\n=1": "a =1",
    "\x1b[31mred": "�[31mred",
    "Anne-Marie O'Neill": "Anne-Marie O'Neill",
    "": "",
}


@pytest.mark.parametrize(("text", "cell"), HOSTILE.items(), ids=[repr(text) for text in HOSTILE])
def test_a_text_begins_no_formula(text: str, cell: str) -> None:
    """Students choose their names, and a spreadsheet would obey them; so would a terminal."""
    assert text_cell(text) == cell


def test_every_text_of_a_student_is_harmless_and_every_number_stays_one() -> None:
    """A name, an id, an email, a section and a time; a negative number has no apostrophe."""
    evil = Student("=1", "=2", "=3", "=4")
    book = gradebook([entry(75, evil, submitted="2026-11-25T12:00:00+01:00")], policy=POLICY)
    (row,) = csv.reader(render_grades_csv(book).splitlines()[1:])

    assert row[:8] == ["'=1", "'=2", "'=3", "'=4", "65", "100", "75", "-10"]
    assert not [cell for cell in next(csv.reader(render_nbgrader(book).splitlines()[1:])) if cell.startswith("=")]


NUMBERS = {
    "88": (88, 0, "."),
    "87.5": (87.5, 0, "."),
    "87,25": (87.25, 0, ","),
    "88,00": (88, 2, ","),
    "87.50": (87.5, 2, "."),
    "-10": (-10, 0, "."),
    "": (None, 2, "."),
}


@pytest.mark.parametrize(("cell", "number"), NUMBERS.items(), ids=[cell or "none" for cell in NUMBERS])
def test_numbers_have_two_decimals_at_most(cell: str, number: tuple[float | None, int, str]) -> None:
    """And as many as the platform writes."""
    assert number_cell(*number) == cell


def test_nbgrader_csv_has_its_columns() -> None:
    """Times in UTC; what lateness costs is a penalty; a name is cut in two."""
    assert render_nbgrader(CLASS) == (
        "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,"
        "max_score\n"
        "backprop,2026-11-24 22:59:00,2026-11-24 11:00:00,s1000,Lovelace,Ada,ada.lovelace@example.edu,88,0,88,100\n"
        "backprop,2026-11-24 22:59:00,2026-11-25 11:00:00,s1001,Turing,Alan,alan.turing@example.edu,75,10,67.5,100\n"
        "backprop,2026-11-24 22:59:00,,s1002,Hopper,Grace,grace.hopper@example.edu,,,,100\n"
    )


NAMES = {"Ada Lovelace": ("Ada", "Lovelace"), "Curie, Marie": ("Marie", "Curie"), "Plato": ("", "Plato"), "": ("", "")}


@pytest.mark.parametrize(("name", "parts"), NAMES.items(), ids=[name or "nothing" for name in NAMES])
def test_a_name_is_cut_as_well_as_can_be_told(name: str, parts: tuple[str, str]) -> None:
    """Both orders are written."""
    assert first_and_last(name) == parts
