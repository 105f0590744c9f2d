"""Where the cases and outputs of each question and family stand in a deck. Worked out once, for all submissions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from autograder.checks.reference import Reference
from autograder.records import Array, Case, Deck


@dataclass(frozen=True, eq=False)
class Family:
    """The numbers of its cases, and the indices of all outputs that these are asked for."""

    cases: tuple[int, ...]
    outputs: Array


NO_FAMILY = Family((), np.zeros(0, dtype=np.intp))

Families = Mapping[str, Mapping[str, Family]]
"""By question, and then by family."""

_FAMILIES: WeakKeyDictionary[Reference, Families] = WeakKeyDictionary()


def families_of(deck: Deck, reference: Reference) -> Families:
    """The families of all questions of a deck."""
    if reference not in _FAMILIES:
        _FAMILIES[reference] = _families(deck.cases, reference)
    return _FAMILIES[reference]


def _families(cases: Sequence[Case], reference: Reference) -> Families:
    numbers: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, (case, _) in enumerate(zip(cases, reference.of_call)):
        numbers[case.question][case.family].append(number)
    return {
        question: {family: Family(tuple(own), _outputs(reference, own)) for family, own in of_question.items()}
        for question, of_question in numbers.items()
    }


def _outputs(reference: Reference, numbers: Sequence[int]) -> Array:
    indices = [index for number in numbers for of_call in reference.of_call[number] for index in of_call]
    return np.array(indices, dtype=np.intp)
