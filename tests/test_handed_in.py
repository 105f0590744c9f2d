"""Of what lies in an upload's folder, one file is graded, or a sentence says why none is."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.exams import Exam
from autograder.load.handed_in import find_handed_in
from autograder.load.layouts import Found
from autograder.records import Note


def upload(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x = 1\n")
    return folder


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        pytest.param(["My Homework (3).ipynb"], "My Homework (3).ipynb", id="any-name"),
        pytest.param(["answers.py"], "answers.py", id="a-script"),
        pytest.param(["week 3/hw/a.ipynb"], "week 3/hw/a.ipynb", id="a-folder"),
        pytest.param(["backprop-hand-in.zip"], "backprop-hand-in.zip", id="the-zip-of-the-notebook"),
        pytest.param(["a.ipynb", "training.py", "data/mary.txt"], "a.ipynb", id="all-that-was-handed-out"),
        pytest.param(["backprop.ipynb", "notes.ipynb"], "backprop.ipynb", id="two-and-one-is-called-so"),
        pytest.param(["backprop.ipynb", "backprop.py"], "backprop.ipynb", id="notebook-and-script"),
        pytest.param(["a.py", ".ipynb_checkpoints/a-checkpoint.ipynb", "__MACOSX/._a.ipynb"], "a.py", id="left-behind"),
    ],
)
def test_the_file_that_is_meant_is_found(tmp_path: Path, names: list[str], chosen: str) -> None:
    """Under any name, at any depth, among what else a student may have packed."""
    assert find_handed_in(upload(tmp_path, *names), "backprop") == Found(chosen, tmp_path / chosen)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        pytest.param([], "Nothing was handed in: there is no file here.", id="nothing"),
        pytest.param(
            ["a.ipynb", "b.ipynb"],
            "Several files could be the homework: a.ipynb, b.ipynb. Hand in one of them, or call yours backprop.ipynb.",
            id="two-notebooks",
        ),
        pytest.param(
            ["report.pdf", "photo.jpg"],
            "There is no notebook (.ipynb) and no script (.py) among what was handed in: photo.jpg, report.pdf.",
            id="something-else",
        ),
    ],
)
def test_what_cannot_be_graded_is_told(tmp_path: Path, exam: Exam, names: list[str], told: str) -> None:
    """In one sentence, with the names."""
    note = find_handed_in(upload(tmp_path, *names), "backprop")

    assert isinstance(note, Note)
    assert exam.catalogue.say(note.fault, "message", note.facts) == told


def test_a_link_is_no_submission(tmp_path: Path) -> None:
    """It may lead to a file that only the grader may read, and a broken line of it would be quoted."""
    folder = upload(tmp_path / "upload", "notes.txt")
    (tmp_path / "settings.json").write_text("seed")
    (folder / "hw.py").symlink_to(tmp_path / "settings.json")

    assert find_handed_in(folder, "backprop") == Note("no-file", {"names": "notes.txt"})
