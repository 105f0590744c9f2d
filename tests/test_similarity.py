"""Whose code is alike: what is found, what is not, and that nobody who reads a student's file can be harmed by it."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from autograder.gradebook import Export, Handin, Student
from autograder.load.assignment import load_assignment
from autograder.records import Assignment, Submission
from autograder.similarity.compare import LEAST, Comparison, compare, last_attempts
from autograder.similarity.fingerprints import GRAM, MOST, WINDOW, Place, fingerprints, winnow
from autograder.similarity.pairs import Pair, SharedPlace, find_pairs
from autograder.similarity.reader import BROKEN, DONE, HEADER, encode
from autograder.similarity.reading import Reader, decode
from autograder.similarity.screen import screen_lines
from conftest import ROOT, SUBMISSIONS
from grader_cli.main import grader

pytestmark = pytest.mark.once

RIGHT = SUBMISSIONS / "right"
ORIGINAL = RIGHT / "plain-loops.py"


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return load_assignment(str(ROOT / "assignments" / "backprop"))


def compare_files(assignment: Assignment, files: Mapping[str, Path], least: int = LEAST) -> Comparison:
    handins = tuple(Handin(name, (Student(name),), path) for name, path in files.items())
    return compare(Export("plain", "", handins), assignment, least, lambda these, total: these)


def with_other_names(text: str) -> str:
    names = sorted(set(re.findall(r"\b[a-z_]+(?= = )", text)))
    for number, name in enumerate(names):
        text = re.sub(rf"(?<!\.)\b{name}\b", f"v{number}", text)
    return text


def in_another_order(text: str) -> str:
    head, *functions = re.split(r"(?m)^(?=def )", text)
    return head + "\n\n".join(reversed(functions))


def with_other_comments(text: str) -> str:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return "# mine\n\n" + "\n".join(
        f"{line}  # step {number}" if line.strip() else line for number, line in enumerate(lines)
    )


def as_it_is(text: str) -> str:
    return text


DISGUISES = [as_it_is, with_other_names, in_another_order, with_other_comments]


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_copy_is_found_in_a_disguise(assignment: Assignment, tmp_path: Path, disguise: Callable[[str], str]) -> None:
    """Among all right answers of the gallery, the pair is the only one."""
    copied = tmp_path / "copy.py"
    copied.write_text(disguise(ORIGINAL.read_text(encoding="utf-8")), encoding="utf-8")
    found = compare_files(assignment, {file.name: file for file in [*sorted(RIGHT.iterdir()), copied]})

    assert [(pair.first, pair.second) for pair in found.pairs] == [("copy.py", ORIGINAL.name)]
    assert found.pairs[0].percent >= 60
    assert found.not_compared == ()


def test_a_copy_from_a_script_into_a_notebook_is_found(assignment: Assignment, tmp_path: Path) -> None:
    """And its places are told by the cell."""
    head, *functions = re.split(r"(?m)^(?=def )", ORIGINAL.read_text(encoding="utf-8"))
    cells = [{"cell_type": "code", "source": text} for text in (head, *functions)]
    (tmp_path / "copy.ipynb").write_text(json.dumps({"nbformat": 4, "cells": cells}), encoding="utf-8")
    files = [*sorted(RIGHT.iterdir()), tmp_path / "copy.ipynb"]
    (pair,) = compare_files(assignment, {file.name: file for file in files}).pairs

    assert (pair.first, pair.second) == ("copy.ipynb", ORIGINAL.name)
    assert all(place.first.cell > 0 and place.second.cell == 0 for place in pair.places)


def test_independent_right_answers_are_not_alike(
    assignment: Assignment, record_property: Callable[[str, object], None]
) -> None:
    """There is one right formula, and everybody writes it: no two of the gallery come near to what is shown."""
    found = compare_files(assignment, {file.name: file for file in sorted(RIGHT.iterdir())}, least=1)
    record_property("likeness of independent right answers, most", f"{found.pairs[0].percent} % of {LEAST} %")

    assert found.compared == len(list(RIGHT.iterdir()))
    assert found.pairs[0].percent <= LEAST // 2


def test_the_handout_is_nobodys(assignment: Assignment, tmp_path: Path) -> None:
    """Two who handed in what they were given are not alike: there is nothing of their own."""
    files = {name: tmp_path / f"{name}.ipynb" for name in ("ada", "bob")}
    for file in files.values():
        file.write_bytes((assignment.folder / "backprop.ipynb").read_bytes())

    assert compare_files(assignment, files, least=1).pairs == ()


def test_what_many_have_counts_little() -> None:
    """Twenty fingerprints that all have do nothing; thirty that two have alone do."""
    everybody = tuple((value, Place(0, value)) for value in range(20))
    read = {f"s{number}": everybody for number in range(30)}
    rare = tuple((value, Place(0, value)) for value in range(100, 130))
    read |= {"a": everybody + rare, "b": everybody + rare}
    (pair,) = find_pairs(read, (), {}, least=1)

    assert (pair.first, pair.second, pair.percent) == ("a", "b", 75)
    assert pair.places == (SharedPlace(Place(0, 100), Place(0, 100), 30),)


def test_nobody_is_alike_to_themselves() -> None:
    """Members of one group, and two hand-ins of one person, are no pair; of several attempts, the last is compared."""
    rare = tuple((value, Place(0, value)) for value in range(100))
    assert find_pairs({"a": rare, "b": rare}, (), {"a": ["ada"], "b": ["ada", "bob"]}, least=1) == ()

    ada, bob = Student("ada"), Student("bob")
    handins = [Handin("1", (ada,), attempt=1), Handin("2", (ada,), attempt=2), Handin("3", (bob,))]
    assert [handin.name for handin in last_attempts(handins)] == ["2", "3"]


def test_whatever_is_long_enough_is_found() -> None:
    """The guarantee of winnowing: so many tokens in common, and there is a fingerprint in common."""
    shared = [(f"t{number}", number) for number in range(GRAM + WINDOW - 1)]
    found = [
        {value for value, _ in winnow([(f"{text}{number}", 0) for number in range(length)] + shared)}
        for text, length in (("x", 0), ("y", 7), ("z", 50))
    ]

    assert found[0] & found[1] & found[2]


BREAKERS = [
    pytest.param(b"", id="empty"),
    pytest.param(b"%PDF-1.4", id="pdf"),
    pytest.param(b"\0" * 100, id="nothing"),
]


@pytest.mark.parametrize("source", BREAKERS)
def test_what_cannot_be_read_gives_nothing(source: bytes) -> None:
    """And whoever comes next is read as ever."""
    with Reader() as reader:
        assert reader.read(Submission("x.py", "script", source)) is None
        assert reader.read(Submission("y.py", "script", ORIGINAL.read_bytes())) == fingerprints(
            ORIGINAL.read_bytes(), "script"
        )


DEEP = [
    pytest.param(b"x = " + b"1+" * 50_000 + b"1", "script", id="a long sum"),
    pytest.param(b"x = " + b"(" * 50_000, "script", id="deep brackets"),
    pytest.param(b"x = '''" + b"a" * 500_000, "script", id="a text without an end"),
    pytest.param(b'{"nbformat": 4, "cells": ' + b"[" * 100_000, "notebook", id="deep JSON"),
    pytest.param(b"def f(:\n  \xff\xfe\x00\n\t x\n y", "script", id="no Python"),
]


@pytest.mark.parametrize(("source", "kind"), DEEP)
def test_what_would_break_a_parser_breaks_nobody(source: bytes, kind: str) -> None:
    """Whatever becomes of the fork that reads it, the grader goes on, and gets no more than it can hold."""
    with Reader() as reader:
        found = reader.read(Submission("x", kind, source))
        assert found is None or len(found) <= MOST
        assert reader.read(Submission("y.py", "script", ORIGINAL.read_bytes()))


def test_who_takes_too_long_is_ended() -> None:
    """And whoever comes next is read as ever."""
    with Reader(seconds=0.2) as reader:
        assert reader.read(Submission("x.py", "script", b"x = " + b"1+" * 300_000 + b"1")) is None
        assert reader.read(Submission("y.py", "script", ORIGINAL.read_bytes()))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_whoever_reads_has_given_everything_up() -> None:
    """While a long file is read, the process that does it is under a filter of system calls, for good."""
    with Reader() as reader:
        reader.read(Submission("y.py", "script", b"x = 1"))
        before = processes()
        thread = Thread(target=reader.read, args=[Submission("x.py", "script", b"x = " + b"1+" * 100_000 + b"1")])
        thread.start()
        seen: set[tuple[str, str]] = set()
        while thread.is_alive() and ("2", "1") not in seen:
            for pid in processes() - before:
                seen.add((status_of(pid, "Seccomp"), status_of(pid, "NoNewPrivs")))
        thread.join()

    assert ("2", "1") in seen


def processes() -> set[str]:
    """The numbers of our own children's children."""
    parents = {path.name: status_of(path.name, "PPid") for path in Path("/proc").iterdir() if path.name.isdigit()}
    return {pid for pid, parent in parents.items() if parents.get(parent) == str(os.getpid())}


def status_of(pid: str, field: str) -> str:
    """A field of a process's status; "" for a process that is gone."""
    try:
        lines = Path("/proc", pid, "status").read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(f"{field}:")), "")


ANSWERS = [
    pytest.param(b"", id="nothing"),
    pytest.param(HEADER.pack(BROKEN, 0), id="broken"),
    pytest.param(HEADER.pack(DONE, 3), id="too short"),
    pytest.param(HEADER.pack(DONE, 0) + b"more", id="too long"),
    pytest.param(HEADER.pack(DONE, 2**32 - 1), id="enormous"),
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_is_none_is_not_believed(answer: bytes) -> None:
    """A process that a student's file has taken over may say anything."""
    assert decode(answer) is None


def test_numbers_go_through() -> None:
    """What is written is what is read."""
    found = ((7, Place(0, 1)), (2**32 - 1, Place(3, 40)))
    assert decode(encode(found)) == found


def test_the_screen() -> None:
    """All of it, at the width of a narrow terminal."""
    places = (SharedPlace(Place(0, 12), Place(3, 4), 8), SharedPlace(Place(0, 30), Place(0, 5), 1))
    found = Comparison((Pair("ada.py", "bob.ipynb", 71, places), Pair("a.py", "c.py", 44, ())), 30, ("cem.ipynb",))

    assert list(screen_lines(found, 40, 1, 60)) == [
        "Compared    30 submissions, without the handout and without",
        "            what many have",
        "Alike       2 pairs are alike by 40 % or more",
        "",
        " 71 %  ada.py",
        "       bob.ipynb",
        "       line 12-19  ·  from code cell 3, line 4",
        "       line 30  ·  from line 5",
        "\n      and 1 more",
        "",
        "cem.ipynb   could not be compared",
        "",
        "A likeness is a reason to look at both, and says nothing of",
        "how it came about: people learn together, have the same",
        "tutor, the same book, or the same idea.",
    ]


def test_the_command(tmp_path: Path) -> None:
    """Files in, a screen out, and an exit code that judges nobody."""
    for name in ("ada", "bob"):
        (tmp_path / f"{name}.py").write_bytes(ORIGINAL.read_bytes())
    (tmp_path / "cem.ipynb").write_bytes(b"%PDF-1.4")
    told = CliRunner().invoke(grader, ["similar", str(tmp_path)])

    assert told.exit_code == 0, told.output
    assert "ada.py\n       bob.py\n" in told.output
    assert "cem.ipynb   could not be compared" in told.output
    assert "Of so few" in told.output


def test_the_words_are_no_verdict() -> None:
    """None of these stands anywhere in what is printed."""
    lines = " ".join(screen_lines(Comparison((), 3, ()), 40, 20, 80)).lower()
    assert not [word for word in ("plagiar", "cheat", "copied", "copy", "suspect", "guilty") if word in lines]
