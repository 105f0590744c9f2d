"""What to talk about in the next class: the concepts behind the mistakes of a class, with one idea for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.records import QuestionResult
from autograder.render.card import first_problem
from autograder.render.feedback import Catalogue
from autograder.render.people import Person

GROUPS: Mapping[str, str] = {
    "raised": "raised",
    "run-raised": "raised",
    "structure": "structure",
    "shape": "shape",
    "not-finite": "finite",
    "values": "values",
    "argument-changed": "memory",
    "not-restored": "memory",
    "second-call": "memory",
    "kept-result": "memory",
    "remembers": "memory",
    "time": "stopped",
    "memory": "stopped",
    "died": "stopped",
    "disturbed": "stopped",
    "run-time": "stopped",
    "run-memory": "stopped",
    "run-died": "stopped",
    "run-disturbed": "stopped",
    "run-wrong-gradient": "training",
    "run-not-finite": "training",
    "run-bends": "training",
    "run-departs": "training",
    "numbers": "numeric",
    "disagrees": "numeric",
}
"""Fault → what it is told as, where nobody knows the mistake behind it. What is not begun is not here, nor what only
follows from another fault."""


@dataclass(frozen=True)
class Topic:
    """A concept. `students` are the numbers of those whose mistakes go back to it, in these `questions`.

    `mistakes` are headlines, the most common one first, each with how many students it is.
    """

    title: str
    idea: str
    students: frozenset[int]
    questions: tuple[str, ...]
    mistakes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Sighting:
    """One student's mistake in one question, in words."""

    title: str
    idea: str
    headline: str
    question: str
    student: int


def topics_of(people: Sequence[Person], catalogue: Catalogue, words: Mapping[str, Any]) -> tuple[Topic, ...]:
    """The topics of a class, that of most students first. Of several ideas for one, the most common mistake's."""
    found: dict[str, list[_Sighting]] = {}
    for person in people:
        for one in _of_person(person, catalogue, words):
            found.setdefault(one.title, []).append(one)
    topics = [_topic(title, sightings) for title, sightings in found.items()]
    return tuple(sorted(topics, key=lambda topic: (-len(topic.students), topic.title)))


def _of_person(person: Person, catalogue: Catalogue, words: Mapping[str, Any]) -> list[_Sighting]:
    """A student's mistakes. Those of training runs follow from functions: they are told where no function is wrong."""
    own: dict[bool, list[_Sighting]] = {False: [], True: []}
    for result in person.results.values():
        own[result.function is None] += _sightings(result, person.number, catalogue, words)
    return own[False] or own[True]


def _sightings(
    result: QuestionResult, student: int, catalogue: Catalogue, words: Mapping[str, Any]
) -> Iterator[_Sighting]:
    """The known mistakes of a question, or else what its first problem is told as."""
    told = [(id, catalogue.words_of_mistake(id, result.name)) for id in result.misconceptions]
    known = [said for _, said in told if said is not None]
    for said in known:
        headline = said["headline"].format_map(catalogue.names.get(result.name, _Blank()))
        yield _Sighting(said["concept"], said["idea"], headline, result.name, student)
    problem = first_problem(result)
    group = GROUPS.get(problem.fault or "") if problem is not None else None
    if group is not None and not known:
        said = words["faults"][group]
        yield _Sighting(said["title"], said["idea"], "", result.name, student)


class _Blank(dict[str, str]):
    """Names of a question that the assignment no longer has."""

    def __missing__(self, key: str) -> str:
        return "…"


def _topic(title: str, sightings: Sequence[_Sighting]) -> Topic:
    ideas = Counter(one.idea for one in sightings)
    pairs = {(one.headline, one.student) for one in sightings if one.headline}
    headlines = Counter(headline for headline, _ in sorted(pairs))
    return Topic(
        title=title,
        idea=ideas.most_common(1)[0][0],
        students=frozenset(one.student for one in sightings),
        questions=tuple(dict.fromkeys(one.question for one in sightings)),
        mistakes=tuple(headlines.most_common()),
    )
