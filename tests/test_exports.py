"""A whole class from what a platform gives for download: who handed in what, and nobody is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import exports
import pytest

from autograder.errors import UsageError
from autograder.exams import Exam
from autograder.gradebook import Export, Handin
from autograder.load.exports import open_exports
from autograder.load.platforms.table import ASKED_FOR
from grader_cli.layouts import layout_line, layout_options


def read(*paths: Path, **options: object) -> Export:
    """The export, when it is closed again: its paths lead nowhere any more."""
    with open_exports(paths, **options) as export:  # type: ignore[arg-type]
        return export


def said(exam: Exam, handin: Handin) -> list[str]:
    return [exam.catalogue.say(note.fault, "message", note.facts) for note in handin.notes]


# ---- every layout, a whole class ---------------------------------------------------------------------------


CLASSES: dict[str, tuple[Callable[[int], Mapping[str, bytes]], str]] = {
    "gradescope": (exports.gradescope, "Gradescope, 300 students, 270 files"),
    "canvas": (exports.canvas, "Canvas, 300 students, 299 files, 34 late, 1 without a file"),
    "canvas-anonymous": (exports.canvas_anonymous, "Canvas, anonymous, 300 students, 300 files, 34 late"),
    "moodle": (exports.moodle, "Moodle, folders, 300 students, 299 files, 1 without a file"),
    "moodle-3": (
        lambda size: exports.moodle(size, "_"),
        "Moodle, folders, 300 students, 299 files, 1 without a file",
    ),
    "moodle-flat": (exports.moodle_flat, "Moodle, files, 300 students, 299 files, 1 without a file"),
    "moodle-blind": (exports.moodle_blind, "Moodle, folders, 300 students, 300 files"),
    "nbgrader": (exports.nbgrader, "nbgrader, submitted, 300 students, 300 files"),
    "nbgrader-inbound": (exports.nbgrader_inbound, "nbgrader, inbound, 300 students, 600 files"),
    "classroom-50": (exports.classroom50, "Classroom 50, 300 students, 300 files"),
    "github-classroom": (exports.github_classroom, "GitHub Classroom, 300 students, 300 files"),
    "plain-files": (exports.plain_files, "plain files, 300 students, 300 files"),
    "plain-folders": (exports.plain_folders, "plain folders, 300 students, 300 files"),
}


@pytest.mark.parametrize(
    ("form", "platform"),
    [
        *(("zip", platform) for platform in CLASSES),
        *((form, platform) for form in ("tar", "tar.gz", "folder") for platform in ("gradescope", "canvas", "moodle")),
    ],
)
def test_a_class_is_read_from_every_download(tmp_path: Path, form: str, platform: str) -> None:
    """Packed or not, the layout is found, everybody is in it, and every file that is to be graded is there."""
    make, line = CLASSES[platform]
    download = exports.WRITERS[form](tmp_path / "download", make(300))

    with open_exports([download]) as export:
        assert layout_line(export) == f"Layout      {line}"
        names = [handin.name for handin in export.handins]
        assert len({name.casefold() for name in names}) == len(names)
        assert all(name.isprintable() and len(name) < 255 for name in names)
        for handin in export.handins:
            assert (handin.path is None) == any(note.fault == "no-file" for note in handin.notes)
            assert handin.path is None or handin.path.read_bytes() in (b"{}", exports.CODE)
            assert handin.path is None or handin.path.suffix == Path(handin.file).suffix
    assert all(handin.path is None or (form == "folder") == handin.path.exists() for handin in export.handins)


@pytest.mark.parametrize("make", [exports.canvas, exports.moodle, exports.gradescope], ids=lambda make: make.__name__)
def test_names_are_the_same_in_every_download_of_a_class(
    tmp_path: Path, make: Callable[[int], Mapping[str, bytes]]
) -> None:
    """Results are kept by name, so neither the order of the files nor who comes later may change one."""
    files = make(30)
    first = read(exports.write_zip(tmp_path / "a.zip", files))
    again = read(exports.write_zip(tmp_path / "b.zip", dict(reversed(files.items()))))
    later = read(exports.write_zip(tmp_path / "c.zip", make(60)))

    names = [handin.name for handin in first.handins]
    assert [handin.name for handin in again.handins] == names
    assert set(names) < {handin.name for handin in later.handins}


def test_the_download_may_lie_in_folders_of_its_own(tmp_path: Path) -> None:
    """Whoever unpacks a zip and packs it again has a folder more, or two."""
    files = {f"hw 3/hw 3/{path}": data for path, data in exports.canvas(20).items()}

    export = read(exports.write_zip(tmp_path / "again.zip", files | {"__MACOSX/hw 3/._x": b"", ".DS_Store": b""}))

    assert layout_line(export) == "Layout      Canvas, 20 students, 19 files, 3 late, 1 without a file"
    assert export.remarks == ()


# ---- who, when, which --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "id", "name", "file", "is_late"),
    [
        ("smithbob_340934_208490284_homework.py", "340934", "smithbob", "homework.py", False),
        ("lovelaceada_LATE_20000_9911_hw1-2.ipynb", "20000", "lovelaceada", "hw1-2.ipynb", True),
        ("o_brienzoë_77_88_a_b_1_2.py", "77", "o_brienzoë", "a_b_1_2.py", False),
        ("anon_x9Kq2_9911_hw1.py", "x9Kq2", "", "hw1.py", False),
        ("LATE_anon_x9Kq2_9911_hw1.py", "x9Kq2", "", "hw1.py", True),
        ("Ada Lovelace_10019166_assignsubmission_file/hw.py", "10019166", "Ada Lovelace", "hw.py", None),
        ("Ada Lovelace_10019166_assignsubmission_file_/a/hw.py", "10019166", "Ada Lovelace", "a/hw.py", None),
        ("Participant_657690_assignsubmission_file/hw.py", "657690", "Participant", "hw.py", None),
        ("Ada Lovelace_10019166_assignsubmission_file_hw_1.py", "10019166", "Ada Lovelace", "hw_1.py", None),
        ("Group B_42_assignsubmission_file/hw.py", "42", "Group B", "hw.py", None),
        ("Default group_assignsubmission_file/hw.py", "Default group", "Default group", "hw.py", None),
        ("course/submitted/bitdiddle/ps1/problem1.ipynb", "bitdiddle", "", "problem1.ipynb", None),
        ("hacker+ps1+2026-11-23 09:00:00.000001 UTC+AbC_-12345/p.ipynb", "hacker", "", "p.ipynb", None),
        ("hw1-submissions/hw1-ada-l/src/hw.py", "ada-l", "", "src/hw.py", None),
        ("ml-hw_submissions_2026/ml-hw-ada-l/hw.py", "ada-l", "", "hw.py", None),
    ],
)
def test_the_student_is_in_the_path(
    tmp_path: Path, path: str, id: str, name: str, file: str, is_late: bool | None
) -> None:
    """Paths as the platforms write them; what the student called the file is the rest."""
    (handin,) = read(exports.write_folder(tmp_path / "download", {path: b"{}"})).handins

    (student,) = handin.students
    assert (student.id, student.name, handin.file, handin.is_late) == (id, name, file, is_late)


METADATA = """\
---
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0815'
    :email: ada@example.edu
  - :name: Bob
    :sid:
    :email: bob@example.edu
  :created_at: 2026-11-23 09:14:15.926535000 Z
  :score: 1.0
  :history:
  - :created_at: 2026-11-22 03:14:15 Z
    :score: 0.0
submission_2:
  :submitters:
  - :name: "O\\u2019Brien\\e[31m"
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-11-24 10:00:00.5 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: Etc/UTC
  :results: !!python/object/apply:os.system ["touch made"]
submission_4: nonsense
"""


def test_gradescope_says_who_and_when(tmp_path: Path) -> None:
    """Groups, people without an e-mail address or a number, Ruby's objects, and folders that nobody is named for."""
    files = {
        "export/submission_metadata.yml": METADATA.encode(),
        "export/submission_1/hw.ipynb": b"{}",
        "export/submission_2/sub/hw.py": b"#",
        "export/submission_3/hw.py": b"#",
    }

    export = read(exports.write_zip(tmp_path / "export.zip", files))

    assert not Path("made").exists()
    told = [
        ([(s.id, s.name, s.email) for s in h.students], h.name, h.file, h.submitted, h.attempt) for h in export.handins
    ]
    assert told == [
        (
            [("0815", "Ada Lovelace", "ada@example.edu"), ("bob@example.edu", "Bob", "bob@example.edu")],
            "Ada Lovelace + Bob",
            "hw.ipynb",
            "2026-11-23T09:14:15.926535+00:00",
            2,
        ),
        ([("submission_2", "O’Brien�[31m", "")], "O’Brien�[31m", "sub/hw.py", "2026-11-24T10:00:00.500000+00:00", 1),
        ([("submission_3", "", "")], "submission_3", "hw.py", "", 1),
        ([("submission_4", "", "")], "submission_4", "", "", 1),
    ]
    assert export.remarks == (
        "submission_metadata.yml does not say whose these are, so they go by their number: submission_3.",
        "Handed in more than once: 1. Gradescope exports the last attempt only.",
    )


def test_metadata_that_cannot_be_read_costs_names_and_no_hand_in(tmp_path: Path) -> None:
    """The folders are still there."""
    files = {"submission_metadata.yml": b"submission_1: [\n  a: b: c\n", "submission_1/hw.py": b"#"}

    export = read(exports.write_zip(tmp_path / "export.zip", files))

    assert [handin.name for handin in export.handins] == ["submission_1"]
    assert export.remarks[0] == (
        "submission_metadata.yml cannot be read, so nobody's name is known: while parsing a flow sequence in "
        "\"<byte string>\", line 1, column 15 did not find expected ',' or ']' in \"<byte string>\", line 2, column 7."
    )


def test_attempts_are_counted_by_their_time(tmp_path: Path) -> None:
    """nbgrader's inbound folder keeps all of them; each is a hand-in."""
    export = read(exports.write_zip(tmp_path / "inbound.zip", exports.nbgrader_inbound(1)))

    assert [(h.name, h.attempt, h.submitted) for h in export.handins] == [
        ("s000, attempt 1", 1, "2026-11-23T09:00:00.000001+00:00"),
        ("s000, attempt 2", 2, "2026-11-24T09:00:00.000001+00:00"),
    ]


def test_several_assignments_of_nbgrader_are_told_apart_by_a_pattern(tmp_path: Path) -> None:
    """The error says which there are, and the command that it says works."""
    folder = exports.write_folder(
        tmp_path / "course", {"submitted/ada/ps1/p.ipynb": b"{}", "submitted/ada/ps2/q.ipynb": b"{}"}
    )

    with pytest.raises(UsageError) as raised:
        read(folder)

    assert str(raised.value) == (
        "There are hand-ins for 2 assignments here: ps1, ps2. Give the folders of one, as in submitted/*/ps1; or, "
        "where they are packed, try\n"
        "  --pattern '(?:^|/)(?P<user>[^/]+)/ps1/(?P<file>.+)'"
    )
    (handin,) = read(folder, pattern="(?:^|/)(?P<user>[^/]+)/ps1/(?P<file>.+)").handins
    assert (handin.students[0].id, handin.file) == ("ada", "p.ipynb")


@pytest.mark.parametrize(
    ("files", "chosen", "told"),
    [
        pytest.param(
            ["lovelaceada_7_1_hw.py", "lovelaceada_7_2_hw-2.py", "lovelaceada_7_3_hw-10.py"],
            "hw-10.py",
            "Several files could be the homework. The newest was graded, hw-10.py, and not hw.py, hw-2.py.",
            id="the-last-upload",
        ),
        pytest.param(
            ["lovelaceada_7_1_b.py", "lovelaceada_7_2_a.py"],
            "b.py",
            "Several files could be the homework, and nothing says which is the newest. b.py was graded, as the last "
            "by name, and not a.py.",
            id="of-one-time",
        ),
        pytest.param(
            ["lovelaceada_7_1_hw.ipynb", "lovelaceada_7_2_hw.py", "lovelaceada_7_2_all.zip"],
            "hw.ipynb",
            "Several files could be the homework. hw.ipynb was graded, and not hw.py, all.zip: a notebook is taken "
            "before a script, and a script before a zip.",
            id="kinds",
        ),
        pytest.param(
            ["lovelaceada_7_1_report.pdf"],
            "",
            "There is no notebook (.ipynb) and no script (.py) among what was handed in: report.pdf.",
            id="none",
        ),
        pytest.param(
            ["lovelaceada_7_text.html"],
            "",
            "There is no notebook (.ipynb) and no script (.py) among what was handed in: text.html.",
            id="a-text",
        ),
    ],
)
def test_one_of_several_files_is_chosen_aloud(
    tmp_path: Path, exam: Exam, files: list[str], chosen: str, told: str
) -> None:
    """The newest of the best kind; the student reads which it was."""
    (handin,) = read(exports.write_zip(tmp_path / "canvas.zip", dict.fromkeys(files, b"#"))).handins

    assert handin.file == chosen
    assert said(exam, handin) == [told]


@pytest.mark.parametrize(
    ("seconds", "fault"),
    [pytest.param(3600, "chosen-newest", id="an-hour-later"), pytest.param(1, "chosen-last", id="unpacked-at-once")],
)
def test_the_time_of_a_file_tells_which_is_newest(tmp_path: Path, seconds: int, fault: str) -> None:
    """If it is the time of the student, and not that of an archiver."""
    folder = exports.write_folder(tmp_path / "class", {"ada/b.py": b"#", "ada/a.py": b"#", "bob/hw.py": b"#"})
    os.utime(folder / "ada" / "b.py", (1_800_000_000, 1_800_000_000))
    os.utime(folder / "ada" / "a.py", (1_800_000_000 + seconds, 1_800_000_000 + seconds))

    handin = read(folder).handins[0]

    assert handin.notes[0].fault == fault
    assert handin.file == ("a.py" if fault == "chosen-newest" else "b.py")


def test_one_good_file_needs_no_word(tmp_path: Path) -> None:
    """What was handed out with the assignment, and what tools leave behind, is no second file."""
    names = ["hw.ipynb", "forward.py", "training.py", ".ipynb_checkpoints/hw-checkpoint.ipynb", "__pycache__/a.py"]
    files = {f"Ada_{n}_assignsubmission_file/{name}": b"{}" for n in (1, 2) for name in names}

    export = read(exports.write_zip(tmp_path / "moodle.zip", files))

    assert [(handin.file, handin.notes) for handin in export.handins] == [("hw.ipynb", ())] * 2


def test_a_stranger_among_a_platforms_files_is_graded_and_told(tmp_path: Path) -> None:
    """A file that came by mail and was put with the others is somebody's; a list of points is nobody's."""
    files = {"adam_7_1_hw.py": b"#", "bob_8_2_hw.py": b"#", "eve.py": b"#", "points.xlsx": b""}
    folder = exports.write_folder(tmp_path / "canvas", files)

    export = read(folder)

    assert [handin.name for handin in export.handins] == ["adam", "bob", "eve.py"]
    assert export.remarks == (
        "Not named as by Canvas, and taken for plain files: eve.py.",
        f"Passed over in {folder}: points.xlsx.",
    )


def test_several_downloads_are_one_class(tmp_path: Path) -> None:
    """One student in two of them has made two attempts; plain files of one name are two students."""
    first = exports.write_zip(tmp_path / "monday.zip", {"adam_7_1_hw.py": b"1", "bob_8_1_hw.py": b"1"})
    second = exports.write_zip(tmp_path / "friday.zip", {"adam_7_9_hw.py": b"2"})

    export = read(first, second)

    assert [(handin.name, handin.attempt) for handin in export.handins] == [
        ("adam, attempt 1", 1),
        ("adam, attempt 2", 2),
        ("bob", 1),
    ]
    files = {"adam.py": b"#", "bob.py": b"#"}
    folders = [exports.write_folder(tmp_path / name, files) for name in ("mon", "fri")]
    assert [(h.name, h.students[0].id) for h in read(*folders).handins] == [
        (f"{folder}/{name}.py", f"{folder}/{name}") for folder in sorted(folders) for name in ("adam", "bob")
    ]


def test_folders_may_be_given_one_by_one(tmp_path: Path) -> None:
    """As a shell does with `class/*`, or with `submitted/*/hw1`; whose folder is empty stops nobody."""
    files = {"ada/hw.py": b"#", "bob/week 3/hw.ipynb": b"{}", "cem/report.pdf": b""}
    folder = exports.write_folder(tmp_path / "class", files)
    (folder / "dan").mkdir()
    nbgrader = exports.write_folder(tmp_path / "course", exports.nbgrader(2))

    export = read(*folder.iterdir())
    collected = read(*nbgrader.glob("submitted/*/hw1"))

    assert [(h.name, h.students[0].id, h.file) for h in export.handins] == [
        ("ada", "ada", "hw.py"),
        ("bob", "bob", "week 3/hw.ipynb"),
        ("cem", "cem", ""),
        ("dan", "dan", ""),
    ]
    assert export.remarks == collected.remarks == ()
    assert collected.layout == "nbgrader, submitted"
    assert [(h.name, h.file, h.submitted[:10]) for h in collected.handins] == [
        ("s000", "problem1.ipynb", "2026-11-23"),
        ("s001", "problem1.ipynb", "2026-11-23"),
    ]


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["ada.py", "bob/hw.ipynb", "bob/notes.txt", "cem/week 3/hw.py"], ["ada.py", "bob", "cem"]),
        (
            [f"group {g}/s{n}.py" for g in "AB" for n in range(4)],
            [f"group {g}/s{n}.py" for g in "AB" for n in range(4)],
        ),
        (["ada.ipynb", "ada.py", "bob.py"], ["ada", "bob.py"]),
        (["Ada.py", "ada.py"], ["ada.py (e1e1a7)", "Ada.py (128c72)"]),
        (["Zo\u00eb.py", "Zoe\u0308.py"], ["Zo\u00eb.py (Zo\u00eb-10f70d)", "Zo\u00eb.py (Zo\u00eb-54a7ad)"]),
        (["hw/ada/hw.py", "hw/bob/hw.py"], ["ada", "bob"]),
        (["HW.IPYNB", "b.Py"], ["b.Py", "HW.IPYNB"]),
        (["\x1b[31mred.py"], ["�[31mred.py"]),
    ],
    ids=["mixed", "groups", "one name", "case", "normal forms", "folder round it", "large letters", "escapes"],
)
def test_plain_files_and_folders_are_students(tmp_path: Path, files: list[str], names: list[str]) -> None:
    """The name is the id; whoever looks like somebody else is kept apart."""
    export = read(exports.write_folder(tmp_path / "class", dict.fromkeys(files, b"#")))

    assert sorted(handin.name for handin in export.handins) == sorted(names)
    assert len({student.id for student in export.students}) == len(names)


# ---- options -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layout": "canvs"}, 'There is no layout canvs: did you mean "canvas"?'),
        (
            {"layout": "xyz"},
            "There is no layout xyz: they are auto, gradescope, classroom50, nbgrader, moodle, canvas, folders, files.",
        ),
        (
            {"layout": "gradescope"},
            "{path}: nothing in this archive is laid out like Gradescope.\n"
            "  wanted  submission_metadata.yml, submission_88213/hw.ipynb\n"
            "  got     adam_7_1_hw.py, bob_8_2_hw.py\n"
            "  Try it without --layout.",
        ),
        (
            {"pattern": "(?P<user>["},
            "--pattern (?P<user>[: this is no regular expression: unterminated character set at position 9. Try "
            "--pattern '(?P<user>[^/]+)/(?P<file>.+)'.",
        ),
        (
            {"pattern": "[a-z]+_.*"},
            "--pattern [a-z]+_.*: nothing in it says who the student is. Wanted a group (?P<user>...); "
            "(?P<name>...), (?P<file>...) and (?P<late>...) may be there, too. Try --pattern "
            "'(?P<user>[^/]+)/(?P<file>.+)'.",
        ),
        (
            {"pattern": "(?P<user>zzz)"},
            "{path}: --pattern fits no path in this archive.\n"
            "  wanted  (?P<user>zzz)\n  got     adam_7_1_hw.py, bob_8_2_hw.py",
        ),
    ],
    ids=["misspelt", "unknown", "another layout", "no expression", "no group", "fits nothing"],
)
def test_an_option_that_does_not_fit_is_told(tmp_path: Path, options: dict[str, str], message: str) -> None:
    """What was wanted, what is there, and what to try."""
    path = exports.write_zip(tmp_path / "c.zip", {"adam_7_1_hw.py": b"#", "bob_8_2_hw.py": b"#"})

    with pytest.raises(UsageError) as raised:
        read(path, **options)

    assert str(raised.value) == message.format(path=path)


def test_a_pattern_may_know_all_that_a_layout_knows(tmp_path: Path) -> None:
    """Names, files and lateness by groups; what does not fit is told."""
    files = {"7-Ada Lovelace/late/hw.py": b"#", "8-Bob/on time/hw.py": b"#", "notes.py": b"#"}
    folder = exports.write_folder(tmp_path / "class", files)

    export = read(folder, pattern=r"^(?P<user>\d+)-(?P<name>[^/]+)/(?:(?P<late>late)|on time)/(?P<file>.+)")

    assert [(h.name, h.students[0].id, h.file, h.is_late) for h in export.handins] == [
        ("Ada Lovelace", "7", "hw.py", True),
        ("Bob", "8", "hw.py", False),
    ]
    assert export.remarks == (f"Passed over in {folder}: notes.py.",)


@pytest.mark.parametrize("layout", ASKED_FOR)
def test_every_layout_can_be_asked_for(tmp_path: Path, layout: str) -> None:
    """Where the guess would be wrong."""
    make = {
        "gradescope": exports.gradescope,
        "canvas": exports.canvas,
        "moodle": exports.moodle,
        "nbgrader": exports.nbgrader,
        "classroom50": exports.classroom50,
        "folders": exports.plain_folders,
        "files": exports.plain_files,
    }[layout]

    export = read(exports.write_zip(tmp_path / "download.zip", make(12)), layout=layout)

    assert len(export.students) == 12


# ---- one file ----------------------------------------------------------------------------------------------


def test_one_file_needs_none_of_all_that(tmp_path: Path) -> None:
    """`grader grade hw.py` does not wait for archives, tables of layouts or YAML."""
    file = tmp_path / "hw.py"
    file.write_bytes(exports.CODE)
    program = (
        "import json, sys; from pathlib import Path; from autograder.load.exports import open_exports\n"
        "with open_exports([Path(sys.argv[1])]) as export: print(json.dumps([*sys.modules]))"
    )

    done = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, check=True)

    loaded = set(json.loads(done.stdout))
    assert not loaded & {"yaml", "tarfile", "csv", "autograder.load.gathering", "autograder.load.roster"}
    (handin,) = read(file).handins
    assert (handin.name, handin.students[0].id, handin.path, handin.file) == ("hw.py", "hw", file, "hw.py")


def test_a_zip_that_one_student_handed_in_is_no_class(tmp_path: Path) -> None:
    """One file in a zip is a hand-in; several zips are one each, also where one of them is broken or holds two."""
    ada = exports.write_zip(tmp_path / "ada.zip", {"work/hw.ipynb": b"{}", "work/notes.txt": b""})
    bob = exports.write_zip(tmp_path / "bob.zip", {"a.py": b"#", "b.py": b"#"})
    eve = tmp_path / "eve.zip"
    eve.write_bytes(b"PK\x03\x04 and then nothing")

    assert [(h.name, h.path) for h in read(ada).handins] == [("ada.zip", ada)]
    assert [handin.name for handin in read(bob).handins] == ["a.py", "b.py"]
    assert [handin.name for handin in read(ada, bob, eve).handins] == ["ada.zip", "bob.zip", "eve.zip"]
    gone = tmp_path / "gone.zip"
    with pytest.raises(UsageError) as raised:
        read(ada, gone)
    assert str(raised.value) == f"{gone}: no such file."


def test_files_that_are_named_by_hand_are_each_somebodys(tmp_path: Path) -> None:
    """Also where two have one name; and each is graded once, even if its folder is named beside it."""
    folder = exports.write_folder(tmp_path / "class", {"ada.py": b"#", "ada.ipynb": b"{}", "bob.py": b"#"})

    two = read(folder / "ada.py", folder / "ada.ipynb")
    again = read(folder / "bob.py", folder)

    assert [(h.name, h.students[0].id) for h in two.handins] == [("ada.ipynb", "ada.ipynb"), ("ada.py", "ada.py")]
    assert sorted(handin.file for handin in again.handins) == ["ada.ipynb", "bob.py"]


def test_the_options_of_a_verb_are_those_of_open_exports(tmp_path: Path) -> None:
    """Every verb that reads a class takes the same ones."""
    taken: list[object] = []

    @click.command()
    @layout_options
    def verb(**options: object) -> None:
        taken.append(options)

    verb.main(["--pattern", "(?P<user>.)", "--roster", "r.csv"], standalone_mode=False)

    assert taken == [{"layout": "auto", "pattern": "(?P<user>.)", "roster": Path("r.csv")}]
