"""Archives that are broken, locked, endless or malicious: a sentence each, and nobody is lost."""

from __future__ import annotations

import gzip
import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import exports
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import UsageError
from autograder.exams import Exam
from autograder.load import unpacking
from autograder.load.archives import MOST_BYTES
from autograder.load.exports import open_exports

BOMB = b"\0" * (MOST_BYTES + 1)


def locked(files: dict[str, bytes], names: set[str]) -> bytes:
    """A zip some of whose members say that they need a password."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    data = bytearray(buffer.getvalue())
    for signature, flags, start in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        place = data.find(signature)
        while place >= 0:
            if any(data[place + start :].startswith(name.encode()) for name in names):
                data[place + flags] |= 1
            place = data.find(signature, place + 1)
    return bytes(data)


def zip_of(*members: zipfile.ZipInfo | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, b"#")
    return buffer.getvalue()


def tar_of(*members: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"#" * member.size) if member.isreg() else None)
    return buffer.getvalue()


def link_in_zip(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def in_tar(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    member.size = 1 if kind == tarfile.REGTYPE else 0
    return member


LINK = "This is a link to something else, and links are not followed. Hand in the file itself."


@pytest.mark.parametrize(
    ("file", "data", "told"),
    [
        pytest.param(
            "class.zip",
            lambda: zip_of(link_in_zip("ada_7_1_hw.py"), "bob_8_1_hw.py"),
            {"ada": LINK, "bob": ""},
            id="a-link-in-a-zip",
        ),
        pytest.param(
            "class.tar",
            lambda: tar_of(
                in_tar("ada_7_1_hw.py", tarfile.SYMTYPE, "/etc/passwd"),
                in_tar("bob_8_1_hw.py"),
                in_tar("cem_9_1_hw.py", tarfile.LNKTYPE, "bob_8_1_hw.py"),
                in_tar("dan_10_1_hw.py", tarfile.CHRTYPE),
                in_tar("eve_11_1_hw.py", tarfile.FIFOTYPE),
            ),
            {"ada": LINK, "bob": "", "cem": LINK, "dan": LINK, "eve": LINK},
            id="links-and-devices-in-a-tar",
        ),
        pytest.param(
            "class.zip",
            lambda: locked({"ada_7_1_hw.py": b"#", "bob_8_1_hw.py": b"#"}, {"ada"}),
            {"ada": "This file could not be opened: it needs a password.", "bob": ""},
            id="one-file-with-a-password",
        ),
        pytest.param(
            "class.zip",
            lambda: zip_of("ada_7_1_hw.py", "bob_8_1_hw.py").replace(b"ada_7_1_hw.py#", b"ada_7_1_hw.py?"),
            {"ada": "This file could not be opened: Bad CRC-32 for file 'ada_7_1_hw.py'.", "bob": ""},
            id="one-broken-file",
        ),
        pytest.param(
            "class.zip",
            lambda: zip_of("../../ada_7_1_hw.py", "/bob_8_1_hw.py", "C:\\cem_9_1_hw.py", ".\\\\dan_10_1_hw.py"),
            {"ada": "", "bob": "", "cem": "", "dan": ""},
            id="paths-that-lead-out",
        ),
        pytest.param(
            "class.tar",
            lambda: tar_of(in_tar("ada_7_1_hw.py"), in_tar("bob_8_1_hw\0.py"), in_tar("cem_9_1_\udcff.py")),
            {
                "ada": "",
                "bob": "There is no notebook (.ipynb) and no script (.py) among what was handed in: hw.",
                "cem": "",
            },
            id="names-that-are-no-text",
        ),
        pytest.param(
            "class.zip",
            lambda: zip_of(f"ada_7_1_{'x' * 5000}.py", "bob_8_1_hw.py"),
            {"ada": "", "bob": ""},
            id="a-name-of-five-thousand-letters",
        ),
        pytest.param(
            "class.zip",
            lambda: tar_of(in_tar("ada_7_1_hw.py"), in_tar("bob_8_1_hw.py")),
            {"ada": "", "bob": ""},
            id="a-tar-that-is-called-zip",
        ),
    ],
)
def test_one_bad_file_costs_one_student_a_sentence(
    tmp_path: Path, exam: Exam, file: str, data: Callable[[], bytes], told: dict[str, str]
) -> None:
    """All others are graded."""
    (tmp_path / file).write_bytes(data())

    with open_exports([tmp_path / file]) as export:
        said = {
            handin.name: " ".join(exam.catalogue.say(note.fault, "message", note.facts) for note in handin.notes)
            for handin in export.handins
        }
        assert {h.name for h in export.handins if h.path is not None and h.path.read_bytes() == b"#"} == {
            name for name, text in told.items() if not text
        }
    assert said == told


def test_a_bomb_is_not_unpacked(tmp_path: Path, exam: Exam) -> None:
    """What a file says of its size may be a lie, and so may be what it does not say: no more is read than is graded."""
    bomb = exports.write_zip(tmp_path / "class.zip", {"ada_7_1_hw.py": BOMB, "bob_8_1_hw.py": b"#"})
    data = bytearray(bomb.read_bytes())
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (1).to_bytes(4, "little")
    (tmp_path / "lying.zip").write_bytes(data)

    with open_exports([bomb]) as export:
        told = [exam.catalogue.say(n.fault, "message", n.facts) for h in export.handins for n in h.notes]
    with open_exports([tmp_path / "lying.zip"]) as export:
        lied = [exam.catalogue.say(n.fault, "message", n.facts) for h in export.handins for n in h.notes]

    assert told == ["This file has more than the 16 MB that are read. Clear the outputs and save it again."]
    assert lied == ["This file could not be opened: Bad CRC-32 for file 'ada_7_1_hw.py'."]


AGAIN = "Download it once more; or unpack it yourself, and give the folder."


@pytest.mark.parametrize(
    ("file", "data", "message"),
    [
        pytest.param(
            "a.zip", lambda: b"", f"this archive cannot be opened: it is no whole zip, and no tar. {AGAIN}", id="0"
        ),
        pytest.param(
            "a.zip",
            lambda: zip_of("ada.py", "bob.py")[:-30],
            f"this archive cannot be opened: it is no whole zip, and no tar. {AGAIN}",
            id="zip-cut-off",
        ),
        pytest.param(
            "a.tar",
            lambda: tar_of(in_tar("ada.py"), in_tar("bob.py"))[:1100],
            f"this archive cannot be opened: it is cut off, or damaged in the middle. {AGAIN}",
            id="tar-cut-off",
        ),
        pytest.param(
            "a.tar.gz",
            lambda: gzip.compress(tar_of(in_tar("ada.py"), in_tar("bob.py")), mtime=0)[:-20],
            "this archive cannot be opened: Compressed file ended before the end-of-stream marker was reached. "
            + AGAIN,
            id="tar-gz-cut-off",
        ),
        pytest.param(
            "a.tar.gz",
            lambda: gzip.compress(tar_of(in_tar("ada.py"), in_tar("bob.py")), mtime=0)[:-4] + b"\0" * 4,
            f"this archive cannot be opened: Incorrect length of data produced. {AGAIN}",
            id="tar-gz-damaged",
        ),
        pytest.param(
            "a.zip",
            lambda: locked({"ada.py": b"#", "bob.py": b"#"}, {"ada", "bob"}),
            "this archive needs a password. Unpack it yourself, and give the folder.",
            id="password",
        ),
        pytest.param("a.zip", lambda: zip_of(), "no .ipynb, .py or .zip file in this archive.", id="empty"),
        pytest.param("a.zip", lambda: zip_of("a.pdf"), "no .ipynb, .py or .zip file in this archive.", id="nothing"),
        pytest.param("a.tar", lambda: tar_of(), "no .ipynb, .py or .zip file in this archive.", id="empty-tar"),
    ],
)
def test_an_archive_that_cannot_be_read_is_told(
    tmp_path: Path, file: str, data: Callable[[], bytes], message: str
) -> None:
    """With what to do."""
    (tmp_path / file).write_bytes(data())

    with pytest.raises(UsageError) as raised, open_exports([tmp_path / file]):
        pass

    assert str(raised.value) == f"{tmp_path / file}: {message}"


def huge_tar(size: int) -> bytes:
    """The beginning of a tar whose first file is as large as it likes."""
    member = tarfile.TarInfo("ada.py")
    member.size = size
    return member.tobuf(tarfile.GNU_FORMAT) + b"\0" * 2048


def greedy_tar() -> bytes:
    """A tar that asks for a name of two gigabytes."""
    member = tarfile.TarInfo("@LongLink")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 2 << 30
    return member.tobuf(tarfile.GNU_FORMAT) + b"\0" * 2048


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(
            lambda: huge_tar(1 << 50),
            "more than 8 GB when it is unpacked. Unpack it yourself, and give the folder.",
            id="a-file",
        ),
        pytest.param(
            greedy_tar, f"this archive cannot be opened: a name in it is longer than any name is. {AGAIN}", id="a-name"
        ),
    ],
)
def test_a_tar_gets_no_more_than_it_needs(tmp_path: Path, data: Callable[[], bytes], message: str) -> None:
    """Neither memory for a name nor time for what is not graded."""
    file = tmp_path / "a.tar.gz"
    file.write_bytes(gzip.compress(data(), mtime=0))

    with pytest.raises(UsageError) as raised, open_exports([file]):
        pass

    assert str(raised.value) == f"{file}: {message}"


def test_an_archive_of_too_many_files_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is made small here: it is there so that listing ends."""
    monkeypatch.setattr(unpacking, "MOST_MEMBERS", 3)
    files = exports.plain_files(4)

    for path in (
        exports.write_zip(tmp_path / "a.zip", files),
        exports.write_tar(tmp_path / "a.tar", files),
        exports.write_folder(tmp_path / "a", files),
    ):
        with pytest.raises(UsageError) as raised, open_exports([path]):
            pass
        assert str(raised.value) == (
            f"{path}: more than 3 files. Unpack it yourself, and give the folders of one class."
        )


def test_names_in_utf_8_that_do_not_say_so_are_read(tmp_path: Path) -> None:
    """As the archivers of some systems write them."""
    data = zip_of("Zoe_7_1_hw.py", "bob_8_1_hw.py").replace(b"Zoe", "Zë".encode())
    (tmp_path / "a.zip").write_bytes(data)

    with open_exports([tmp_path / "a.zip"]) as export:
        assert [handin.name for handin in export.handins] == ["bob", "Zë"]


def test_links_in_a_folder_lead_no_further_than_the_folder(tmp_path: Path, exam: Exam) -> None:
    """Whoever unpacks an archive gets its links; what they show would stand in a student's feedback."""
    secret = tmp_path / "secret.py"
    secret.write_bytes(b"secret")
    folder = exports.write_folder(tmp_path / "class", {"ada.py": b"#", "dir/hw.py": b"#"})
    (folder / "bob.py").symlink_to(secret)
    (folder / "cem.py").symlink_to("ada.py")
    (folder / "dan.py").symlink_to("nowhere.py")
    (folder / "eve.py").symlink_to(tmp_path)
    os.mkfifo(folder / "fay.py")

    with open_exports([folder]) as export:
        said = {
            h.name: [exam.catalogue.say(note.fault, "message", note.facts) for note in h.notes] for h in export.handins
        }
        paths = {handin.name: handin.path for handin in export.handins}

    assert said == {
        "ada.py": [],
        "bob.py": [LINK],
        "cem.py": [],
        "dan.py": [],
        "dir": [],
        "eve.py": [LINK],
        "fay.py": [],
    }
    assert paths["bob.py"] is None
    assert paths["dan.py"] == folder / "dan.py"  # and load_submission says what is wrong with it


@settings(max_examples=100, deadline=None)
@given(
    form=st.sampled_from(["zip", "tar", "tar.gz"]),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6),
    kept=st.floats(0.5, 1),
)
def test_a_damaged_download_is_told_or_read(
    tmp_path_factory: pytest.TempPathFactory, form: str, changes: list[tuple[float, int]], kept: float
) -> None:
    """Bytes that are changed or missing end in a sentence for somebody, never in a traceback."""
    path = exports.WRITERS[form](tmp_path_factory.mktemp("damaged") / "download", exports.gradescope(4))
    data = bytearray(path.read_bytes())
    for place, byte in changes:
        data[int(place * len(data))] = byte
    path.write_bytes(data[: int(kept * len(data))])

    try:
        with open_exports([path]) as export:
            assert all(handin.path is not None or handin.notes for handin in export.handins)
    except UsageError:
        pass


PARTS = st.sampled_from(["..", ".", "", "a", "b", "C:", "Ada", "ADA", "con", "a\\b", "\x1b[2J", "é", "é", "x" * 300])
NAMES = st.lists(PARTS, min_size=1, max_size=4).map("/".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.tuples(NAMES, st.sampled_from([".py", ".ipynb", ".zip", ".txt", ""])), min_size=1, max_size=8),
    users=st.lists(st.integers(1, 10**9), min_size=2, max_size=6, unique=True),
)
def test_no_archive_writes_outside_its_folder_and_no_student_is_lost(
    tmp_path_factory: pytest.TempPathFactory, names: list[tuple[str, str]], users: list[int]
) -> None:
    """Whatever stands in the names of its files: who is in the archive is in the export."""
    folder = tmp_path_factory.mktemp("archive")
    inside = [f"{name}{suffix}" for name, suffix in names] + ["hw.py"]
    files = {f"Ada_{user}_assignsubmission_file/{name}": b"#" for user in users for name in inside}
    exports.write_zip(folder / "a.zip", files)

    with open_exports([folder / "a.zip"], layout="moodle") as export:
        ids = {student.id for student in export.students}
        paths = [handin.path for handin in export.handins if handin.path is not None]
        assert ids >= {str(user) for user in users}
        assert len({path.parent for path in paths}) == 1
        assert all(path.name[:6].isdigit() and path.stem == path.name[:6] for path in paths)
        assert len({handin.name.casefold() for handin in export.handins}) == len(export.handins)

    assert [path.name for path in folder.iterdir()] == ["a.zip"]
    assert not paths[0].parent.exists()
