"""A class in numbers. Pure: people in, figures out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import StatisticsError, correlation, fmean, median

from autograder.records import Outcome
from autograder.render.people import Person

LEAST = 10
"""Students for whom discrimination is told. For fewer it is chance."""


@dataclass(frozen=True)
class QuestionFigures:
    """`mean` is a share of `max_score`, of `count` students; `full` is how many have all of it.

    `discrimination` is the correlation of the question with the rest of the score, without itself; None where there
    are fewer than LEAST students, or where everybody has the same.
    """

    name: str
    max_score: int
    count: int
    mean: float
    full: int
    discrimination: float | None


@dataclass(frozen=True)
class ClassFigures:
    """`scores` are sorted. `median` is None where there are none. `questions` are sorted from easy to hard.

    `not_begun` counts the students who handed in nothing, or left a function empty.
    """

    scores: tuple[float, ...]
    median: float | None
    full_marks: int
    not_begun: int
    questions: tuple[QuestionFigures, ...]


def class_figures(people: Sequence[Person], max_score: int) -> ClassFigures:
    """The figures of a class, of whatever size."""
    scores = sorted(person.score for person in people if person.score is not None)
    return ClassFigures(
        scores=tuple(scores),
        median=median(scores) if scores else None,
        full_marks=sum(score >= max_score for score in scores),
        not_begun=sum(_has_not_begun(person) for person in people),
        questions=tuple(sorted(map(_figures_of, *_by_question(people)), key=lambda one: -one.mean)),
    )


def _has_not_begun(person: Person) -> bool:
    if not person.results:
        return person.score is None
    return any(result.outcome is Outcome.NOT_STARTED for result in person.results.values())


def _by_question(people: Sequence[Person]) -> tuple[list[str], list[list[Person]]]:
    """The names of all questions, in the order in which they are first met, and who has a result in each."""
    found: dict[str, list[Person]] = {}
    for person in people:
        for name in person.results:
            found.setdefault(name, []).append(person)
    return list(found), list(found.values())


def _figures_of(name: str, people: Sequence[Person]) -> QuestionFigures:
    own = [float(person.results[name].score) for person in people]
    rest = [float(sum(one.score for one in person.results.values())) - mine for person, mine in zip(people, own)]
    most = people[0].results[name].max_score
    return QuestionFigures(
        name, most, len(people), fmean(own) / most if most else 0.0, sum(score >= most for score in own),
        _correlation(own, rest) if len(people) >= LEAST else None,
    )  # fmt: skip


def _correlation(ones: Sequence[float], others: Sequence[float]) -> float | None:
    try:
        return correlation(ones, others)
    except StatisticsError:  # all the same
        return None
