"""Decisions about single students: read as they were meant, or refused with line and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradebooks import ADA, ALAN, GRACE

from autograder.errors import AssignmentError, UsageError
from autograder.gradebook import Override, Student
from autograder.load.overrides import load_overrides

WEI, OTHER_WEI = Student("s2000", "Wei Chen"), Student("s2001", "Wei Chen")
CLASS = [ADA, ALAN, GRACE, WEI, OTHER_WEI]


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "overrides.csv"
    file.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return file


def test_each_line_is_a_decision(tmp_path: Path) -> None:
    """By id, email or name; in any order of columns, with a BOM and Windows' line ends, as a spreadsheet saves it."""
    file = written(
        tmp_path,
        "\ufeffStudent,Reason,Score,Points\r\n"
        "s1000,oral exam,95,\r\n"
        "\r\n"
        'Alan.Turing@example.edu,"late, but ill",,2.5\r\n'
        " grace hopper ,no names,,-10\r\n",
    )

    assert load_overrides(file, CLASS, 100) == (
        Override("s1000", 95, None, "oral exam"),
        Override("s1001", None, 2.5, "late, but ill"),
        Override("s1002", None, -10, "no names"),
    )


HEAD = "student,score,points,reason\n"
BROKEN = {
    "an unknown student": (
        HEAD + "s1009,5,,why\n",
        "line 2, column student",
        "the id, email or name of a student of the class",
        '"s1009"',
        'did you mean "s1002"?',
    ),
    "nobody": (
        HEAD + ",5,,why\n",
        "line 2, column student",
        "the id, email or name of a student of the class",
        '""',
        "",
    ),
    "a name of two": (
        HEAD + "Wei Chen,5,,why\n",
        "line 2, column student",
        "one student",
        '"Wei Chen", which are 2',
        "Give an id: s2000, s2001.",
    ),
    "two lines for one": (
        HEAD + "s1000,5,,why\nada.lovelace@example.edu,,7,why\n",
        "line 3, column student",
        "one line for each student",
        '"ada.lovelace@example.edu" again, after line 2',
        "",
    ),
    "not a number": (
        HEAD + "s1000,NaN,,why\n",
        "line 2, column score",
        "a number from 0 to 100",
        '"NaN"',
        "More than the maximum is possible: with points.",
    ),
    "above the maximum": (
        HEAD + "s1000,870,,why\n",
        "line 2, column score",
        "a number from 0 to 100",
        '"870"',
        "More than the maximum is possible: with points.",
    ),
    "a score below 0": (
        HEAD + "s1000,-5,,why\n",
        "line 2, column score",
        "a number from 0 to 100",
        '"-5"',
        "More than the maximum is possible: with points.",
    ),
    "points beyond all": (
        HEAD + "s1000,,-101,why\n",
        "line 2, column points",
        "a number from -100 to 100",
        '"-101"',
        "",
    ),
    "three decimals": (
        HEAD + "s1000,,1.125,why\n",
        "line 2, column points",
        "a number from -100 to 100",
        '"1.125"',
        "",
    ),
    "both": (
        HEAD + "s1000,5,5,why\n",
        "line 2, column score",
        "a score, which replaces what came out, or points, which are added to it",
        "both",
        "",
    ),
    "neither": (
        HEAD + "s1000,,,why\n",
        "line 2, column score",
        "a score, which replaces what came out, or points, which are added to it",
        "neither",
        "",
    ),
    "no reason": (
        HEAD + "s1000,5,, \n",
        "line 2, column reason",
        "the reason, which stands beside the grade for ever",
        "nothing",
        "",
    ),
    "a comma in a reason": (
        HEAD + "s1000,5,,late, but ill\n",
        "line 2",
        "4 cells",
        "5",
        'A comma in a reason? Put it in "…".',
    ),
    "an unknown column": (
        "student,score,reasons\n",
        "line 1",
        "columns out of student, score, points, reason",
        'the unknown column "reasons"',
        'did you mean "reason"?',
    ),
    "a column twice": ("student,score,score\n", "line 1", "each column once", '"score" twice', ""),
    "no column for reasons": (
        "student,score\n",
        "line 1",
        'a column reason, such as "student,score,points,reason"',
        "student, score",
        "",
    ),
    "no column for numbers": (
        "student,reason\n",
        "line 1",
        'a column score or points, such as "student,score,points,reason"',
        "student, reason",
        "",
    ),
    "an open quote": (HEAD + 's1000,5,,"why\n', "line 2", "a line of CSV", "unexpected end of data", ""),
}


@pytest.mark.parametrize(("text", "where", "wanted", "got", "hint"), BROKEN.values(), ids=BROKEN)
def test_a_decision_that_cannot_be_meant_is_refused(
    text: str, where: str, wanted: str, got: str, hint: str, tmp_path: Path
) -> None:
    """The whole complaint: file, line, column, wanted, got, and what to try."""
    file = written(tmp_path, text)

    with pytest.raises(AssignmentError) as refused:
        load_overrides(file, CLASS, 100)
    whole = f"{file}: {where}\n  wanted  {wanted}\n  got     {got}" + (f"\n  {hint}" if hint else "")
    assert str(refused.value) == whole


def test_an_id_means_who_has_it(tmp_path: Path) -> None:
    """Also where somebody else is called so."""
    called_so = Student("s3000", "s1000")

    (override,) = load_overrides(written(tmp_path, HEAD + "s1000,5,,why\n"), [ADA, called_so], 100)

    assert override.student == "s1000"


FILES = {
    "empty": (b"", 'an empty file. Its first line names the columns, such as "student,score,points,reason".'),
    "not UTF-8": (b"student,score,reason\nJos\xe9,5,why\n", "not UTF-8 text. Save it as CSV in UTF-8."),
}


@pytest.mark.parametrize(("content", "message"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_table_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    """With the whole sentence."""
    file = written(tmp_path, content)

    with pytest.raises(UsageError) as refused:
        load_overrides(file, CLASS, 100)
    assert str(refused.value) == f"{file}: {message}"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With the system's word."""
    with pytest.raises(UsageError) as refused:
        load_overrides(tmp_path / "none.csv", CLASS, 100)
    assert str(refused.value) == f"{tmp_path / 'none.csv'}: No such file or directory."
