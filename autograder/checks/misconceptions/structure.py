"""Mistakes that show in what kind of thing comes back: a pair with the loss, a dict, too few values, nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from autograder.records import Answers, Case, Question, Reply


def name_structure(question: Question, asked: Sequence[tuple[int, Case]], answers: Answers) -> str:
    """The name of the habit that all replies to a question show, or nothing."""
    replies = [
        (case, answer.replies[0])
        for number, case in asked
        if (answer := answers.cases[number]) is not None and answer.replies and answer.replies[0].raised is None
    ]
    if not replies:
        return ""
    return next((name for name, shows in HABITS.items() if all(shows(case, reply) for case, reply in replies)), "")


def _is_nothing(case: Case, reply: Reply) -> bool:
    return reply.container == "one" and [value.kind for value in reply.values] == ["None"]


def _is_dict(case: Case, reply: Reply) -> bool:
    return reply.container == "dict"


def _is_one_value(case: Case, reply: Reply) -> bool:
    return len(case.key.results) > 1 and reply.container == "one" and reply.values[0].kind == "array"


def _is_too_many(case: Case, reply: Reply) -> bool:
    return reply.container in ("tuple", "list") and len(reply.values) > len(case.key.results) > 1


HABITS: Mapping[str, Callable[[Case, Reply], bool]] = {
    "no-return": _is_nothing,
    "returns-dictionary": _is_dict,
    "returns-one-value": _is_one_value,
    "returns-three-values": _is_too_many,
}
"""Each habit with the test whether a reply shows it; the first that all replies show gives the name."""
