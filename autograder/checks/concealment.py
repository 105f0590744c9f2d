"""What a report may tell of questions that are not visible: nothing that a student's code chose the words of.

Such code holds the inputs that it is asked, and a class name or a text is enough to carry them into the feedback.
"""

from __future__ import annotations

import builtins
from collections.abc import Collection
from dataclasses import replace

from autograder.records import Answers, CaseAnswer, Deck, Facts, Reply, Value

KNOWN_EXCEPTIONS = frozenset(
    name for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, BaseException)
) | {"AxisError", "LinAlgError", "DTypePromotionError", "UFuncTypeError", "WrongGradient"}

ANY_EXCEPTION = "Exception"
"""What is said of an exception whose name nobody knows."""

KNOWN_KINDS = frozenset(
    ("array", "complex", "None", "str", "bytes", "dict", "set", "range", "generator", "function", "type", "module")
)

ANY_KIND = "object"

FACTS_OF_RUNS = frozenset({"function", "step"})
"""What is told of an exception in a training run beside its name. The grader has checked both."""


def conceal(answers: Answers, deck: Deck, questions: Collection[str]) -> Answers:
    """The answers, with known names only and without any text in those to cases of these questions."""
    if not questions:
        return answers
    cases = tuple(
        _conceal(answer) if answer is not None and case.question in questions else answer
        for case, answer in zip(deck.cases, answers.cases)
    )
    return replace(answers, cases=cases)


def _conceal(answer: CaseAnswer) -> CaseAnswer:
    kept = None if answer.kept is None else _reply(answer.kept)
    return replace(answer, replies=tuple(map(_reply, answer.replies)), kept=kept, at={})


def _reply(reply: Reply) -> Reply:
    raised = None if reply.raised is None else _raised(reply.raised)
    return replace(reply, values=tuple(map(_value, reply.values)), raised=raised)


def _raised(facts: Facts) -> Facts:
    name = facts["exception"] if facts["exception"] in KNOWN_EXCEPTIONS else ANY_EXCEPTION
    own = {key: facts[key] for key in FACTS_OF_RUNS & facts.keys()}
    return {**own, "exception": name, "text": ""}


def _value(value: Value) -> Value:
    return value if value.kind in KNOWN_KINDS else replace(value, kind=ANY_KIND)
