"""A zip with one notebook or script in it is a submission; anything else is told in a sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.exams import Exam
from autograder.load.archives import MOST_BYTES
from autograder.load.layouts import find_submissions, load_submission
from autograder.records import Note, Submission

BOMB = b"\0" * (MOST_BYTES + 1)


def packed(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def locked() -> bytes:
    """A zip whose member says that it needs a password."""
    data = bytearray(packed({"hw.py": b"x = 1\n"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def lying() -> bytes:
    """A zip whose directory says that a bomb has one byte."""
    data = bytearray(packed({"hw.py": BOMB}))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (1).to_bytes(4, "little")
    return bytes(data)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "ada.zip"


@pytest.mark.parametrize(
    ("members", "kind", "source"),
    [
        pytest.param({"hw.ipynb": b"{}"}, "notebook", b"{}", id="one-notebook"),
        pytest.param({"hw.py": b"x = 1\n"}, "script", b"x = 1\n", id="one-script"),
        pytest.param(
            {"week 3/hw.ipynb": b"{}", "week 3/backprop.py": b"#", "week 3/training.py": b"#"},
            *("notebook", b"{}"),
            id="a-folder-with-all-that-was-handed-out",
        ),
        pytest.param({"hw.py": b"#", "training.py": b"##", "forward.py": b"##"}, "script", b"#", id="what-was-given"),
        pytest.param(
            {
                "hw.ipynb": b"{}",
                "__MACOSX/._hw.ipynb": b"x",
                ".ipynb_checkpoints/hw-checkpoint.ipynb": b"[]",
                "._b.ipynb": b"",
            },
            *("notebook", b"{}"),
            id="what-tools-leave-behind",
        ),
        pytest.param({"hw.zip": packed({"a/hw.ipynb": b"{}"})}, "notebook", b"{}", id="a-zip-in-a-zip"),
        pytest.param({"../../etc/hw.py": b"#"}, "script", b"#", id="a-path-that-leads-out"),
    ],
)
def test_the_one_file_that_can_be_meant_is_read(
    archive: Path, members: Mapping[str, bytes], kind: str, source: bytes
) -> None:
    """Wherever it lies in the zip; the submission keeps the name of the zip, which is the student's."""
    archive.write_bytes(packed(members))

    (found,) = find_submissions([archive.parent])

    assert load_submission(found) == Submission("ada.zip", kind, source)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(
            packed({"a.ipynb": b"{}", "b.ipynb": b"{}"}),
            "This zip holds several files that could be the homework: a.ipynb, b.ipynb. Hand in one of them.",
            id="two-notebooks",
        ),
        pytest.param(
            packed({f"{name}\x1b.py": b"" for name in "abcde"}),
            "This zip holds several files that could be the homework: a�.py, b�.py, c�.py, and 2 more. Hand in one of "
            "them.",
            id="names-that-a-terminal-would-obey",
        ),
        pytest.param(
            packed({"report.pdf": b"%PDF"}),
            "There is no notebook and no script in this zip. It holds report.pdf. Hand in the notebook.",
            id="something-else",
        ),
        pytest.param(
            packed({}),
            "There is no notebook and no script in this zip. It holds nothing. Hand in the notebook.",
            id="nothing",
        ),
        pytest.param(
            b"PK\x03\x04 and then nothing",
            "This zip cannot be opened: File is not a zip file. Pack it again, or hand in the notebook itself.",
            id="cut-off",
        ),
        pytest.param(
            locked(),
            "This zip cannot be opened: it needs a password. Pack it again, or hand in the notebook itself.",
            id="a-password",
        ),
        pytest.param(
            packed({"hw.zip": packed({"hw.zip": packed({"hw.zip": packed({"hw.py": b"#"})})})}),
            "This zip cannot be opened: it is packed too often. Pack it again, or hand in the notebook itself.",
            id="a-zip-in-a-zip-in-a-zip-in-a-zip",
        ),
        pytest.param(
            packed({"hw.ipynb": BOMB}),
            "This file has more than the 16 MB that are read. Clear the outputs and save it again.",
            id="a-bomb",
        ),
        pytest.param(
            lying(),
            "This zip cannot be opened: Bad CRC-32 for file 'hw.py'. Pack it again, or hand in the notebook itself.",
            id="a-bomb-that-lies",
        ),
    ],
)
def test_what_cannot_be_graded_is_told(archive: Path, exam: Exam, data: bytes, told: str) -> None:
    """In a sentence that says what to do."""
    archive.write_bytes(data)

    (found,) = find_submissions([archive])
    note = load_submission(found)

    assert isinstance(note, Note)
    assert exam.catalogue.say(note.fault, "message", note.facts) == told
