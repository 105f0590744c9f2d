"""A Gradescope export whose results are ours → graded entries, and nothing is graded again.

No student can write these results. They are looked at nevertheless, number by number: who uploaded another grader in
between, or has changed the assignment since, should hear of it, and not see a page of nonsense.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.errors import UsageError
from autograder.gradebook import Entry, Handin, Student
from autograder.load.gradescope_metadata import METADATA, submitters_of, time_of, value_of
from autograder.load.safe_yaml import MOST_BYTES, UnreadableYaml, read_yaml
from autograder.records import (
    BONUS,
    FAMILIES,
    GRADESCOPE_SCHEMA,
    Assignment,
    CheckResult,
    Note,
    Outcome,
    Question,
    QuestionResult,
    Report,
    ReportOutcome,
)

DEEPEST = 2
"""Folders above the metadata: `assignment_<id>_export`, and what somebody may have put round it."""

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_SUBMISSION = re.compile(r"submission_\d{1,20}")
MOST_TEXT = 4_000

WALLS = frozenset({"active", "weak", "absent"})

KnowsMistake = Callable[[str, str], bool]
"""Of a question and an id: whether this is a known mistake there."""


@dataclass(frozen=True)
class GradescopeResults:
    """What an export holds of our own results: all attempts in order, who is known, the walls of the last one.

    `remarks` say which results were passed over, and why. The entries have no path and no digest: nothing was read of
    what was handed in. Their checks have no facts and no message, which Gradescope is not given.
    """

    source: str
    entries: tuple[Entry, ...]
    students: tuple[Student, ...]
    layers: Mapping[str, str]
    remarks: tuple[str, ...]


class _NotBelieved(Exception):
    """A result is not ours, or not of this assignment; says why."""


def is_gradescope_export(path: Path) -> bool:
    """Whether it is a zip or a folder that has Gradescope's metadata. A path that cannot be read is none."""
    try:
        return _find_metadata(path) is not None
    except (OSError, zipfile.BadZipFile):
        return False


def read_gradescope_results(path: Path, assignment: Assignment, knows_mistake: KnowsMistake) -> GradescopeResults:
    """The graded entries of a Gradescope export, a zip or a folder. Raises UsageError where it is none."""
    document = _read_metadata(path)
    entries: list[Entry] = []
    students: dict[str, Student] = {}
    remarks: list[str] = []
    layers: Mapping[str, str] = {}
    versions: Counter[str] = Counter()
    for key in sorted(document, key=_by_number):
        name = str(key) if _SUBMISSION.fullmatch(str(key)) else ""
        record = document[key]
        if not name or not isinstance(record, dict):
            remarks.append(f"{_plain(str(key))}: passed over, no submission has such a name.")
            continue
        group = submitters_of(record, name)
        students |= {student.id: student for student in group}
        attempts = list(_attempts(record))
        for number, attempt in enumerate(attempts, start=1):
            is_last = number == len(attempts)
            try:
                report, extra = _report(value_of(attempt, "results"), assignment, knows_mistake, name)
            except _NotBelieved as reason:
                if is_last:
                    remarks.append(f"{name} ({_names(group)}): {reason}.")
                continue
            layers = _walls(extra.get("layers")) or layers
            versions[_plain(extra.get("version"))] += 1
            handin = Handin(
                name=name if is_last else f"{name}/{number}",
                students=group,
                submitted=time_of(attempt),
                attempt=number,
            )
            entries.append(Entry(handin, "", report))
    for version, times in sorted(versions.items()):
        if version not in ("", assignment.version):
            remarks.append(
                f"{times} of {len(entries)} results are of version {version}, and this is {assignment.version}."
            )
    return GradescopeResults(path.name, tuple(entries), tuple(students.values()), layers, tuple(remarks))


# ---- the file ----------------------------------------------------------------------------------------------


def _read_metadata(path: Path) -> dict[Any, Any]:
    try:
        source = _find_metadata(path)
        if source is None:
            raise UsageError(
                f"{path}: no Gradescope export: it has no {METADATA}.\n"
                "  wanted  the zip of Assignment, Review Grades, Export Submissions, or its folder\n"
                "  For files to be graded, use grader grade."
            )
        document = read_yaml(source)
    except UnreadableYaml as reason:
        raise UsageError(f"{path}: its {METADATA} cannot be read: {reason}.") from reason
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UsageError(f"{path}: cannot be unpacked: {error}.") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}.") from error
    if not isinstance(document, dict):
        raise UsageError(f"{path}: its {METADATA} is no table of submissions.")
    return document


def _find_metadata(path: Path) -> bytes | None:
    """The metadata nearest to the top; at most one byte more than is allowed is read. Raises OSError, BadZipFile."""
    if path.is_dir():
        for depth in range(DEEPEST + 1):
            for file in sorted(path.glob("/".join(["*"] * depth + [METADATA]))):
                if file.is_file() and not file.is_symlink():
                    with open(file, "rb") as opened:
                        return opened.read(MOST_BYTES + 1)
        return None
    with zipfile.ZipFile(path) as packed:
        found = [name for name in packed.namelist() if PurePosixPath(name).name == METADATA]
        nearest = min(found, key=lambda name: (name.count("/"), name), default=None)
        if nearest is None or nearest.count("/") > DEEPEST:
            return None
        with packed.open(nearest) as member:
            return member.read(MOST_BYTES + 1)


# ---- who, and when -----------------------------------------------------------------------------------------


def _attempts(record: Mapping[Any, Any]) -> Iterator[Mapping[Any, Any]]:
    """Those before, by their time, and then the one that counts."""
    history = value_of(record, "history")
    earlier = [one for one in history if isinstance(one, dict)] if isinstance(history, list) else []
    yield from sorted(earlier, key=time_of)
    yield record


def _plain(text: Any) -> str:
    """A text as it may be shown, on one line."""
    said = "" if text is None else str(text)[:200]
    return "".join(letter if letter.isprintable() else "�" for letter in said).strip()


def _names(students: Sequence[Student]) -> str:
    return ", ".join(student.shown for student in students)


def _by_number(key: Any) -> tuple[int, str]:
    digits = str(key).removeprefix("submission_")
    return (int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else -1, str(key))


# ---- one result --------------------------------------------------------------------------------------------


def _report(
    results: Any, assignment: Assignment, knows_mistake: KnowsMistake, name: str
) -> tuple[Report, Mapping[Any, Any]]:
    """The report that a results.json was made of, and our own part of that. Raises _NotBelieved."""
    extra = value_of(results, "extra_data")
    if not isinstance(extra, dict) or extra.get("schema") != GRADESCOPE_SCHEMA:
        raise _NotBelieved("passed over, its result is not one of this grader" if results else "it has no result yet")
    if extra.get("outcome") in ("error", "unfinished"):
        note = Note("grader-fault", {"text": "on Gradescope"}, "Grading on Gradescope did not come to its end.")
        return Report(name, ReportOutcome.ERROR, None, assignment.max_score, 0, (), (note,), ()), extra
    if extra.get("assignment") != assignment.name:
        raise _NotBelieved(f"passed over, it was graded as {_plain(extra.get('assignment'))!r}")
    outcome = _one_of(ReportOutcome, extra.get("outcome"), "outcome")
    questions = tuple(_questions(value_of(results, "tests"), assignment, knows_mistake))
    score = _number(extra.get("score"), assignment.max_score + _bonus(assignment.questions), "score")
    if _number(extra.get("max_score"), assignment.max_score, "max_score") != assignment.max_score:
        raise _NotBelieved("passed over, its maximum is another one")
    if outcome is ReportOutcome.GRADED and not questions:
        raise _NotBelieved("passed over, it has no questions")
    if score != sum(question.score for question in questions):
        raise _NotBelieved("passed over, its points do not add up")
    report = Report(
        submission=name,
        outcome=outcome,
        score=score,
        max_score=assignment.max_score,
        deck=_number(extra.get("deck"), 1_000_000, "deck"),
        flags=tuple(_ids(extra.get("flags"), "flags")),
        notes=tuple(_notes(extra.get("notes"))),
        questions=questions,
    )
    return report, extra


def _questions(tests: Any, assignment: Assignment, knows_mistake: KnowsMistake) -> Iterator[QuestionResult]:
    listed = tests if isinstance(tests, list) else []
    if listed and [value_of(test, "name") for test in listed] != [question.name for question in assignment.questions]:
        raise _NotBelieved("passed over, its questions are not those of the assignment")
    for test, question in zip(listed, assignment.questions):
        extra = value_of(test, "extra_data")
        checks = tuple(_checks(value_of(extra, "checks"), question))
        score = _number(value_of(test, "score"), question.max_score + _bonus([question]), f"score of {question.name}")
        if score != sum(check.score for check in checks):
            raise _NotBelieved(f"passed over, its points of {question.name} do not add up")
        mistakes = tuple(_ids(value_of(extra, "misconceptions"), "misconceptions"))
        unknown = [id for id in mistakes if not knows_mistake(question.name, id)]
        if unknown:
            raise _NotBelieved(f"passed over, nobody knows the mistake {unknown[0]} in {question.name}")
        yield QuestionResult(
            name=question.name,
            function=question.function or None,
            outcome=_one_of(Outcome, value_of(extra, "outcome"), f"outcome of {question.name}"),
            score=score,
            max_score=question.max_score,
            visibility=question.visibility,
            misconceptions=mistakes,
            checks=checks,
        )


def _checks(told: Any, question: Question) -> Iterator[CheckResult]:
    if not isinstance(told, dict) or not set(told) <= set(question.points):
        raise _NotBelieved(f"passed over, its checks of {question.name} are not those of the assignment")
    for name in sorted(told, key=FAMILIES.index):  # a database that the results were in may have its own order
        row = told[name]
        at = f"check {name} of {question.name}"
        if not isinstance(row, list) or len(row) != 4:
            raise _NotBelieved(f"passed over, its {at} is none")
        score, _, outcome, fault = row
        points = question.points[name]
        yield CheckResult(
            name=name,
            outcome=_one_of(Outcome, outcome, at),
            score=_number(score, points, at),
            max_score=0 if name == BONUS else points,
            fault=None if fault is None else next(_ids([fault], at)),
        )


def _notes(told: Any) -> Iterator[Note]:
    for row in told if isinstance(told, list) else ():
        if not (isinstance(row, list) and len(row) == 2 and all(isinstance(part, str) for part in row)):
            raise _NotBelieved("passed over, its notes are none")
        yield Note(next(_ids(row[:1], "notes")), {}, "".join(c if c.isprintable() else " " for c in row[1][:MOST_TEXT]))


def _walls(told: Any) -> Mapping[str, str]:
    items = told.items() if isinstance(told, dict) else ()
    return {str(wall): str(state) for wall, state in items if _ID.fullmatch(str(wall)) and str(state) in WALLS}


def _bonus(questions: Sequence[Question]) -> int:
    return sum(question.points.get(BONUS, 0) for question in questions)


def _number(told: Any, most: int, what: str) -> int:
    if type(told) is not int or not 0 <= told <= most:
        raise _NotBelieved(f"passed over, its {what} is no number from 0 to {most}")
    return told


def _ids(told: Any, what: str) -> Iterator[str]:
    for id in told if isinstance(told, list) else [None]:
        if not isinstance(id, str) or not _ID.fullmatch(id):
            raise _NotBelieved(f"passed over, its {what} are no names of ours")
        yield id


def _one_of(kind: Any, told: Any, what: str) -> Any:
    try:
        return kind(told)
    except ValueError as error:
        raise _NotBelieved(f"passed over, its {what} is none of ours") from error
