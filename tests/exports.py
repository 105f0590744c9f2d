"""Downloads as the platforms make them, for a class of any size: files by path, and archives of them."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

CODE = b"def multiply(x, y):\n    return x * y\n"

NASTY = (
    "Zoë O'Brien-Ó Súilleabháin",
    "=HYPERLINK(0)",
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE",
    "王小明",
    "N. N.",
    "x" * 120,
    "Ada Lovelace",
    "Ada Lovelace",
)
"""Names that people have, or give themselves; the last two are two people."""

Files = dict[str, bytes]


def names(size: int) -> list[str]:
    return [*NASTY, *(f"Student {number:03d}" for number in range(len(NASTY), size))]


def gradescope(size: int) -> Files:
    """Every tenth hand-in is of two students; every seventh student has no e-mail; one folder is empty of homework."""
    files: Files = {}
    lines = ["---"]
    people = list(enumerate(names(size)))
    while people:
        number = people[0][0]
        group, people = (people[:2], people[2:]) if number % 10 == 0 else (people[:1], people[1:])
        lines += [f"submission_{88000 + number}:", "  :submitters:"]
        for place, name in group:
            lines += [f"  - :name: {json.dumps(name)}", f"    :sid: '{place:06d}'"]
            lines += [f"    :email: s{place}@example.edu"] if place % 7 else []
        lines += [f"  :created_at: 2026-11-2{number % 8} 09:{number % 60:02d}:00.123456000 Z", "  :score: 71.5"]
        lines += ["  :results:", "    tests:", f'    - {{"name": "1) add", "output": {json.dumps("no " * 40)}}}']
        lines += ["  :history:", "  - :created_at: 2026-11-19 09:00:00 Z", "    :score: 3.0"] if number % 5 == 0 else []
        files[f"assignment_4711_export/submission_{88000 + number}/hw.ipynb"] = b"{}"
    files["assignment_4711_export/submission_metadata.yml"] = "\n".join(lines).encode()
    return files


def canvas(size: int) -> Files:
    """Every ninth is late; every eleventh has handed in twice; one has written a text, and nothing else."""
    files: Files = {}
    for number, name in enumerate(names(size)):
        last, *first = reversed(name.split())
        who = "".join(letter for letter in f"{last}{''.join(first)}".lower() if letter.isalnum())
        late = "_LATE" if number % 9 == 1 else ""
        start = f"{who}{late}_{20000 + number}"
        if number == size - 1:
            files[f"{start}_text.html"] = b"<p>Please see my mail.</p>"
            continue
        files[f"{start}_{9000 + number}_hw_1.py"] = CODE
        if number % 11 == 0:
            files[f"{start}_{19000 + number}_hw_1-1.py"] = CODE
    return files


def canvas_anonymous(size: int) -> Files:
    return {f"{'LATE_' * (n % 9 == 1)}anon_x{n:04d}_{9000 + n}_hw.py": CODE for n in range(size)}


def moodle(size: int, end: str = "", plugin: str = "file") -> Files:
    """`end` is "_" as in older versions. Every tenth has written a text, too; the last one only that."""
    files: Files = {}
    for number, name in enumerate(names(size)):
        cleaned = name.replace("_", " ").replace("<", "").replace(">", "").replace("/", "")
        who = f"{cleaned}_{10019000 + number}_assignsubmission"
        if number != size - 1:
            files[f"{who}_{plugin}{end}/week 3/hw.ipynb"] = b"{}"
        if number % 10 == 0 or number == size - 1:
            files[f"{who}_onlinetext{end}/onlinetext.html"] = b"<p>Hello</p>"
    return files


def moodle_flat(size: int) -> Files:
    return {path.replace("/week 3/", "_").replace("/", "_"): data for path, data in moodle(size).items()}


def moodle_blind(size: int) -> Files:
    return {f"Participant_{657000 + n}_assignsubmission_file/hw.ipynb": b"{}" for n in range(size)}


def nbgrader(size: int) -> Files:
    files: Files = {}
    for number in range(size):
        files[f"submitted/s{number:03d}/hw1/problem1.ipynb"] = b"{}"
        files[f"submitted/s{number:03d}/hw1/timestamp.txt"] = b"2026-11-23 09:00:00.000001 UTC"
    return files


def nbgrader_inbound(size: int) -> Files:
    """Every student has handed in twice: the second time with a random end of the name, as newer versions have."""
    files: Files = {}
    for number in range(size):
        files[f"inbound/s{number:03d}+hw1+2026-11-24 09:00:00.000001 UTC+AbC_-12345/p.ipynb"] = b"{}"
        files[f"inbound/s{number:03d}+hw1+2026-11-23 09:00:00.000001 UTC/p.ipynb"] = b"{}"
    return files


def classroom50(size: int) -> Files:
    root = "ml-101-hw1-backprop_submissions_2026-11-28T10-00-00"
    files: Files = {f"{root}/scores.csv": b"user,score\n"}
    for number in range(size):
        repository = f"{root}/ml-101-hw1-backprop-user-{number}"
        files[f"{repository}/backprop.ipynb"] = b"{}"
        files[f"{repository}/training.py"] = files[f"{repository}/forward.py"] = CODE
        files[f"{repository}/.git/config"] = files[f"{repository}/result.json"] = b"{}"
    return files


def github_classroom(size: int) -> Files:
    return {f"hw1-submissions/hw1-user-{n}/hw.py": CODE for n in range(size)}


def plain_files(size: int) -> Files:
    return {f"s{number:03d}.py": CODE for number in range(size)}


def plain_folders(size: int) -> Files:
    return {f"s{number:03d}/work/hw.ipynb": b"{}" for number in range(size)}


def write_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 23, 9, 0, 0)), data)
    return path


def write_tar(path: Path, files: Mapping[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix in (".gz", ".tgz") else "w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def write_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return path


WRITERS: dict[str, Callable[[Path, Mapping[str, bytes]], Path]] = {
    "zip": lambda path, files: write_zip(path.with_suffix(".zip"), files),
    "tar": lambda path, files: write_tar(path.with_suffix(".tar"), files),
    "tar.gz": lambda path, files: write_tar(path.with_name(f"{path.name}.tar.gz"), files),
    "folder": write_folder,
}
