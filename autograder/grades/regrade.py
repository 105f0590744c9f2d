"""Grading a class anew: the old results are kept beside, and who changes is told, by how much, and why."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.gradebook import Student
from autograder.grades.folder import RESULTS, free_name
from autograder.grades.ledger import Stamp, cut_torn_line, read_lines, stamp_of

MARK = ".regrading"
"""Names the older results while a class is graded anew: a run that is stopped compares when it is resumed."""


@dataclass(frozen=True)
class Change:
    """A hand-in whose result is another one now. Scores are None where there is none.

    `questions` are those whose points changed: name, before, now. `reasons` say what it may come from.
    """

    name: str
    students: tuple[Student, ...]
    before: int | None
    now: int | None
    questions: tuple[tuple[str, int, int], ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Result:
    """What is held of a line: small, for it is there for the whole class at once."""

    stamp: Stamp
    digest: str
    outcome: str
    score: int | None
    points: tuple[int, ...]
    questions: tuple[str, ...]


def set_aside(folder: Path) -> None:
    """Move the results of the folder aside, so that all is graded anew.

    What a regrade that was stopped has done so far is thrown away: its older results are there. Raises OSError.
    """
    if previous(folder) is not None:
        (folder / RESULTS).unlink(missing_ok=True)
    elif (folder / RESULTS).exists():
        cut_torn_line(folder / RESULTS)
        name = free_name(folder)
        (folder / MARK).write_text(name, encoding="ascii")
        os.replace(folder / RESULTS, folder / name)


def previous(folder: Path) -> Path | None:
    """The results with which those of a regrade are to be compared; None where none is going on. Raises OSError."""
    mark = folder / MARK
    if not mark.exists():
        return None
    file = folder / Path(mark.read_text(encoding="ascii", errors="replace").strip() or "-").name
    return file if file.is_file() else None


def is_compared(folder: Path) -> None:
    """The regrade has been told of: it is over. Raises OSError."""
    (folder / MARK).unlink(missing_ok=True)


def compare(before: Path, now: Path) -> Iterator[Change]:
    """The hand-ins of `now` that had another score or outcome, or other points in a question, in order.

    Those that are only in one of the two are told, too. Raises UsageError and OSError.
    """
    old = {line["handin"]["name"]: (_result(line), _students(line)) for _, _, line in read_lines(before)}
    for _, _, line in read_lines(now):
        new, students, name = _result(line), _students(line), line["handin"]["name"]
        was, _ = old.pop(name, (None, ()))
        if was is None:
            yield Change(name, students, None, new.score, (), ("was not there before",))
        elif (was.outcome, was.score, was.points) != (new.outcome, new.score, new.points):
            yield Change(name, students, was.score, new.score, tuple(_moved(was, new)), tuple(_reasons(was, new)))
    for name, (was, students) in old.items():
        yield Change(name, students, was.score, None, (), ("is not there any more",))


def _result(line: Mapping[str, Any]) -> _Result:
    report = line["report"]
    questions = report["questions"]
    return _Result(
        stamp_of(line),
        line["digest"],
        report["outcome"],
        report["score"],
        tuple(question["score"] for question in questions),
        tuple(question["name"] for question in questions),
    )


def _students(line: Mapping[str, Any]) -> tuple[Student, ...]:
    return tuple(Student(**student) for student in line["handin"]["students"])


def _moved(was: _Result, new: _Result) -> Iterator[tuple[str, int, int]]:
    before, now = dict(zip(was.questions, was.points)), dict(zip(new.questions, new.points))
    for name in dict.fromkeys((*now, *before)):
        if before.get(name, 0) != now.get(name, 0):
            yield name, before.get(name, 0), now.get(name, 0)


def _reasons(was: _Result, new: _Result) -> Iterator[str]:
    """What is another one than before: the file, the version, the seed; or else the grader itself."""
    differences = (
        ("another file", was.digest, new.digest),
        (f"version {was.stamp.version} → {new.stamp.version}", was.stamp.version, new.stamp.version),
        (f"seed {was.stamp.seed} → {new.stamp.seed}", was.stamp.seed, new.stamp.seed),
        (f"{was.outcome} → {new.outcome}", was.outcome, new.outcome),
    )
    found = [words for words, before, now in differences if before != now]
    yield from found or ["same file, version and seed: the grader or this machine"]
