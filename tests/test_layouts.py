"""Which files are submissions, and what they are called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.exams import Exam
from autograder.load.layouts import find_submissions, load_submission
from autograder.records import Note


def make(folder: Path, *names: str) -> Path:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    return folder


def names(*paths: Path) -> list[str]:
    return [found.name for found in find_submissions(paths)]


def test_one_file_or_one_folder_a_student(tmp_path: Path) -> None:
    """Both are found, at any depth, in the order of their names."""
    folder = make(tmp_path, "bob.py", "ada/hw.ipynb", "cem/week 3/hw.py")

    assert names(folder) == ["ada/hw.ipynb", "bob.py", "cem/week 3/hw.py"]


def test_what_tools_leave_behind_is_no_submission(tmp_path: Path) -> None:
    """Checkpoints, caches, resource forks and hidden files are passed over, and so is every other kind of file."""
    folder = make(
        tmp_path, "ada.py", ".ipynb_checkpoints/ada.ipynb", "__MACOSX/._ada.py", "__pycache__/a.py", ".bob.py", "x.txt"
    )

    assert names(folder) == ["ada.py"]


def test_two_students_with_one_file_name_keep_their_folders(tmp_path: Path) -> None:
    """From two paths of the command line, nobody's report overwrites another's."""
    folder = make(tmp_path, "a/hw.py", "b/hw.py")

    assert names(folder / "a" / "hw.py", folder / "b" / "hw.py") == [
        (folder / "a" / "hw.py").as_posix(),
        (folder / "b" / "hw.py").as_posix(),
    ]


def test_a_file_that_is_named_twice_is_graded_once(tmp_path: Path) -> None:
    """`grader grade . hw.py` is one submission."""
    folder = make(tmp_path, "hw.py")

    assert names(folder, folder / "hw.py") == ["hw.py"]


def test_a_name_with_escape_codes_or_broken_bytes_is_shown_harmless(tmp_path: Path) -> None:
    """A terminal obeys what stands in a file name; a name that is no text cannot even be printed."""
    os.close(os.open(os.fsencode(tmp_path) + b"/\x1b[31mred\xff.py", os.O_CREAT | os.O_WRONLY))

    assert names(tmp_path) == ["�[31mred�.py"]


def said(exam: Exam, folder: Path) -> dict[str, str]:
    """What is said of each file of a folder that cannot be read, by name."""
    loaded = {found.name: load_submission(found) for found in find_submissions([folder])}
    return {
        name: exam.catalogue.say(one.fault, "message", one.facts)
        for name, one in loaded.items()
        if isinstance(one, Note)
    }


def test_a_folder_with_the_name_of_a_file_is_a_folder_like_any_other(tmp_path: Path) -> None:
    """What is in it counts; given by itself, it must hold something."""
    folder = make(tmp_path, "eve.ipynb/hw.py", "class/bob.py/notes.txt")

    assert names(folder) == ["class/bob.py", "eve.ipynb/hw.py"]
    assert names(folder / "eve.ipynb") == ["hw.py"]
    with pytest.raises(UsageError) as raised:
        find_submissions([folder / "class" / "bob.py"])
    assert str(raised.value) == f"{folder}/class/bob.py: no .ipynb, .py or .zip file in this folder."


def test_what_cannot_be_read_is_told_and_not_passed_over(tmp_path: Path, exam: Exam) -> None:
    """A student whose file is no file has a line in the report, and a pipe does not hold up the class."""
    folder = make(tmp_path, "ada.py", "eve.ipynb/notes.txt")
    (folder / "bob.py").symlink_to("nowhere.py")
    (folder / "cem.py").symlink_to("nowhere.py")
    (folder / "dan.py").symlink_to("dan.py")
    os.mkfifo(folder / "fay.py")

    assert said(exam, folder) == {
        "bob.py": "This is a link to a file that is not there. Hand in the file itself.",
        "cem.py": "This is a link to a file that is not there. Hand in the file itself.",
        "dan.py": "This is a link to a file that is not there. Hand in the file itself.",
        "eve.ipynb": (
            "This is a folder with the name of a file, and no notebook or script is in it. Hand in the file itself."
        ),
        "fay.py": "This file could not be opened: it is no ordinary file.",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(tmp_path: Path, exam: Exam) -> None:
    """Neither a file nor a whole folder of a student is lost without a word."""
    folder = make(tmp_path, "ada.py", "bob/hw.py")
    (folder / "ada.py").chmod(0)
    (folder / "bob").chmod(0)
    try:
        told = said(exam, folder)
    finally:
        (folder / "bob").chmod(0o700)

    assert told == {
        "ada.py": "This file could not be opened: Permission denied.",
        "bob": "This file could not be opened: Permission denied.",
    }
