"""A roster joins names to hand-ins and shows who is missing. It never guesses."""

from __future__ import annotations

from pathlib import Path

import exports
import pytest

from autograder.errors import UsageError
from autograder.gradebook import Export
from autograder.load.exports import open_exports
from autograder.load.roster import load_roster

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (77)
    Points Possible,,,,,100
"Lovelace, Ada",20000,m001,ada1,Monday,
"Curie, Marie",20001,m002,marie1,Monday,
"Noether, Emmy",20002,m003,emmy1,Friday,
"""
MOODLE = "\ufeffIdentifier;Vollständiger Name;E-Mail-Adresse;Gruppe\nTeilnehmer/in 10019166;Ada Lovelace;ada@x.edu;A\n"
MOODLE_2 = "First name,Surname,ID number,Email address\nAda,Lovelace,m001,ada@x.edu\nMarie,Curie,m002,marie@x.edu\n"
GRADESCOPE = "First Name,Last Name,SID,Email,Sections\nAda,Lovelace,001,ada@x.edu,A\nMarie,Curie,002,marie@x.edu,B\n"
NBGRADER = "id,first_name,last_name,email\nada,Ada,Lovelace,ada@x.edu\nmarie,Marie,Curie,\n"
GITHUB = "identifier,github_username,github_id,name\nm001,ada-l,1,Ada Lovelace\n"


def write(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param(CANVAS, ("20000", "Lovelace, Ada", "", "Monday"), id="canvas"),
        pytest.param(MOODLE, ("10019166", "Ada Lovelace", "ada@x.edu", "A"), id="moodle-worksheet"),
        pytest.param(MOODLE_2, ("m001", "Ada Lovelace", "ada@x.edu", ""), id="moodle-participants"),
        pytest.param(GRADESCOPE, ("001", "Ada Lovelace", "ada@x.edu", "A"), id="gradescope"),
        pytest.param(NBGRADER, ("ada", "Ada Lovelace", "ada@x.edu", ""), id="nbgrader"),
        pytest.param(GITHUB, ("m001", "Ada Lovelace", "", ""), id="github"),
        pytest.param("Name\tE-Mail\nAda\ta@x.edu\n", ("a@x.edu", "Ada", "a@x.edu", ""), id="tabs"),
        pytest.param("Name;ID\nZoë;1\n".encode("cp1252"), ("1", "Zoë", "", ""), id="windows"),
        pytest.param("Name;ID\r\nZoë;1\r\n".encode("utf-16"), ("1", "Zoë", "", ""), id="utf-16"),
        pytest.param("\n\nid\nada\n\n", ("ada", "", "", ""), id="ids-only"),
        pytest.param("id,name\n1,\x1b[31mAda\n", ("1", "�[31mAda", "", ""), id="escapes"),
    ],
)
def test_columns_are_found_by_their_usual_names(
    tmp_path: Path, text: str | bytes, first: tuple[str, str, str, str]
) -> None:
    """Of the platforms' own rosters and of those made by hand, as spreadsheets write them."""
    student = load_roster(write(tmp_path, text))[0].student

    assert (student.id, student.name, student.email, student.section) == first


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "points,comment\n1,good\n",
            "{path}: no column says who the students are.\n"
            "  wanted  a first line with some of Name, ID, Login, Email, Section\n  got     points, comment",
            id="no-column",
        ),
        pytest.param(
            "",
            "{path}: no column says who the students are.\n"
            "  wanted  a first line with some of Name, ID, Login, Email, Section\n  got     an empty file",
            id="empty",
        ),
        pytest.param(None, "{path}: no such file. A roster is a CSV file with a row for each student.", id="not-there"),
    ],
)
def test_a_roster_that_is_none_is_told(tmp_path: Path, text: str | None, message: str) -> None:
    """With the columns that are looked for."""
    path = tmp_path / "roster.csv" if text is None else write(tmp_path, text)

    with pytest.raises(UsageError) as raised:
        load_roster(path)

    assert str(raised.value) == message.format(path=path)


def joined(tmp_path: Path, roster: str, *files: str) -> Export:
    folder = exports.write_folder(tmp_path / "download", dict.fromkeys(files, b"#"))
    with open_exports([folder], roster=write(tmp_path, roster)) as export:
        return export


def told(export: Export) -> list[tuple[str, str, str]]:
    return [(student.id, student.name, student.section) for student in export.students]


def test_the_roster_gives_names_and_shows_who_is_missing(tmp_path: Path) -> None:
    """By the platform's number; the missing ones have no hand-in, and the id that the roster gives them."""
    export = joined(tmp_path, CANVAS, "lovelaceada_20000_1_hw.py", "curiemarie_20001_1_hw.py", "eve_20009_1_hw.py")

    assert told(export) == [
        ("20001", "Curie, Marie", "Monday"),
        ("20009", "eve", ""),
        ("20000", "Lovelace, Ada", "Monday"),
        ("20002", "Noether, Emmy", "Friday"),
    ]
    assert [(h.name, h.students[0].name) for h in export.handins] == [
        ("curiemarie", "Curie, Marie"),
        ("eve", "eve"),
        ("lovelaceada", "Lovelace, Ada"),
    ]
    assert export.remarks == ("Handed in, and not on the roster: eve.",)


@pytest.mark.parametrize(
    ("roster", "file"),
    [
        pytest.param(MOODLE_2, "Ada Lovelace_10019166_assignsubmission_file/hw.py", id="by-name"),
        pytest.param(CANVAS, "lovelaceada_99_1_hw.py", id="by-the-name-that-canvas-makes"),
        pytest.param("name,login\nAda Lovelace,ADA1\n", "ada1.py", id="by-login"),
        pytest.param("name,email\nAda Lovelace,ada@x.edu\n", "ada@x.edu/hw.py", id="by-e-mail"),
        pytest.param('name\n"Lovelace, Ada"\n', "ada lovelace.py", id="by-the-name-of-a-file"),
        pytest.param(GITHUB, "hw-submissions/hw-ada-l/hw.py", id="by-github-name"),
        pytest.param(
            "name,id\nZoe\u0308,1\n", "Zo\u00eb_5_assignsubmission_file/hw.py", id="by-a-name-of-another-form"
        ),
    ],
)
def test_people_are_found_by_what_the_download_has(tmp_path: Path, roster: str, file: str) -> None:
    """Number, login, address or the exact name: whichever there is."""
    export = joined(tmp_path, roster, file)

    assert export.remarks == ()
    assert export.handins[0].students[0].name in ("Ada Lovelace", "Lovelace, Ada", "Zo\u00eb")


@pytest.mark.parametrize(
    ("roster", "files", "remark"),
    [
        pytest.param(
            "name,id\nAda Lovelace,1\nAda Lovelace,2\n",
            ["Ada Lovelace_7_assignsubmission_file/hw.py"],
            "Could be more than one person of the roster, so nobody was chosen: Ada Lovelace.",
            id="two-people-of-one-name",
        ),
        pytest.param(
            "name,id\nAda Lovelace,1\n",
            ["Ada Lovelace_7_assignsubmission_file/hw.py", "Ada Lovelace_8_assignsubmission_file/hw.py"],
            "Could be more than one person of the roster, so nobody was chosen: Ada Lovelace (7), Ada Lovelace (8).",
            id="two-hand-ins-of-one-name",
        ),
        pytest.param(
            "name,idnumber\nMarie Curie,7\nAda Lovelace,8\n",
            ["Ada Lovelace_7_assignsubmission_file/hw.py"],
            "Could be more than one person of the roster, so nobody was chosen: Ada Lovelace.",
            id="a-number-of-somebody-else",
        ),
    ],
)
def test_nobody_is_guessed(tmp_path: Path, roster: str, files: list[str], remark: str) -> None:
    """A grade for the wrong person is worse than one that has to be looked up."""
    export = joined(tmp_path, roster, *files)

    assert export.remarks == (remark,)
    assert all(handin.students[0].name == "Ada Lovelace" for handin in export.handins)
    assert {handin.students[0].id for handin in export.handins} <= {"7", "8"}
    assert all(not handin.students[0].section for handin in export.handins)
