"""A message, taken apart again: what a card says large, and what it says small."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.records import CheckResult, Facts

_END_OF_SENTENCE = re.compile(r"(?<=[.?!]) ")

NAMES = ("function", "result", "operand")
"""Facts that a sentence may begin with: names in Python, which keep their small letter."""


@dataclass(frozen=True)
class Told:
    """One sentence that says what is wrong, why that is so, and the first failing case with what happened in it."""

    says: str
    why: str = ""
    case: str = ""
    fact: str = ""


def told_of(check: CheckResult, is_named: bool, for_case: str) -> Told:
    """The parts of a check's message. A named mistake comes in two sentences, the second one says why, and then the
    fact; every other message is the fact. `for_case` is how a fact begins that names its case."""
    if not is_named:
        case, fact = _case_and_fact(check.message, for_case, check.facts)
        says, why = _split(fact, 1)
        return Told(says, why, case)
    name, rest = _split(check.message, 2)
    says, why = _split(name, 1)
    case, fact = _case_and_fact(rest, for_case, check.facts)
    return Told(says, why, case, fact)


def _split(text: str, sentences: int) -> tuple[str, str]:
    """The first so many sentences, and the rest."""
    parts = _END_OF_SENTENCE.split(text, maxsplit=sentences)
    return " ".join(parts[:sentences]), " ".join(parts[sentences:])


def _case_and_fact(text: str, for_case: str, facts: Facts) -> tuple[str, str]:
    """`For a (3,), b (): grad_b is …` → `a (3,), b ()`, and the rest as a sentence of its own."""
    case, colon, fact = text.removeprefix(for_case).partition(": ")
    if not colon or not text.startswith(for_case):
        return "", text
    begins_with_name = any(fact.startswith(str(facts[name])) for name in NAMES if facts.get(name))
    return case, fact if begins_with_name else fact[:1].upper() + fact[1:]
