"""The students of a class as its page shows them: whoever is not to be named has a number, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

from autograder.gradebook import Adjustment, Grade, Gradebook
from autograder.records import QuestionResult, Report

LONGEST_FILE = 80

LONGEST_LABEL = 60
"""Letters of a name in a table. Nobody has to scroll past a joke."""

_NOT_IN_FILES = re.compile(r"[^\w-]+")
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)$")
"""Names that are no files on Windows, whatever stands after the dot."""


@dataclass(frozen=True)
class Person:
    """One student. Charts are made of nothing else, so what is not here cannot be on a page.

    `number` is unique in the class and counts from 1. `link` leads to the student's own page, "" where there is none.
    `results` are those of the attempt that counts, by question; {} where there are none.
    """

    number: int
    label: str
    score: float | None
    link: str = ""
    results: Mapping[str, QuestionResult] = field(default_factory=dict)
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def anchor(self) -> str:
        """Where the page tells of this student."""
        return f"s{self.number}"


def people_of(gradebook: Gradebook, words: Mapping[str, Any], folder: str, anonymous: bool) -> tuple[Person, ...]:
    """All students, in the order of the gradebook. Numbers of an anonymous class do not tell that order.

    Whoever handed in has a page in `folder`, if that is not "".
    """
    count = len(gradebook.grades)
    if anonymous:
        numbers = Random(_nobody_knows(gradebook)).sample(range(1, count + 1), count)
        labels, links = [words["student"].format(number=number) for number in numbers], [""] * count
    else:
        numbers = list(range(1, count + 1))
        labels = [_short(grade.student.shown) for grade in gradebook.grades]
        files = student_files(gradebook.grades)
        links = [
            f"{folder}/{quote(file)}.html" if folder and grade.entry else ""
            for grade, file in zip(gradebook.grades, files)
        ]
    return tuple(
        Person(number, label, grade.score, link, _results(grade), grade.adjustments)
        for number, label, link, grade in zip(numbers, labels, links, gradebook.grades)
    )


def student_files(grades: Sequence[Grade]) -> tuple[str, ...]:
    """For each grade the name of the student's page, without its ending: safe in every file system, and unique.

    Names that differ in nothing but capitals, or in what a file name cannot hold, are counted.
    """
    taken: set[str] = set()
    files = []
    for grade in grades:
        plain = _NOT_IN_FILES.sub("-", grade.student.shown).strip("-")[:LONGEST_FILE] or "student"
        plain = f"{plain}-1" if _DEVICES.match(plain) else plain
        file, count = plain, 1
        while file.casefold() in taken:
            count += 1
            file = f"{plain}-{count}"
        taken.add(file.casefold())
        files.append(file)
    return tuple(files)


def report_of(grade: Grade) -> Report | None:
    """The report that makes the grade."""
    return None if grade.entry is None else grade.entry.report


def _nobody_knows(gradebook: Gradebook) -> str:
    """The same for the same class, and made of what everybody handed in: whoever knows the seed and all names cannot
    draw the numbers again."""
    entries = sorted((entry.handin.name, entry.digest, entry.handin.submitted) for entry in gradebook.entries)
    return repr((gradebook.seed, entries))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"


def _results(grade: Grade) -> Mapping[str, QuestionResult]:
    report = report_of(grade)
    return {} if report is None else {result.name: result for result in report.questions}
