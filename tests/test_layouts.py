"""Which files are submissions, and what they are called."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.load.layouts import find_submissions


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
