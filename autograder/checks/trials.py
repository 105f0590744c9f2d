"""Random trials: cases of a question that nobody listed, to find out whether two functions ever differ.

Each trial has random sizes, and the draws, dtypes and layouts of cases of the question, shuffled. So trials stay within
what the assignment asks for, and go everywhere in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from autograder.checks.cases import make_deck
from autograder.checks.reference import make_reference
from autograder.errors import AssignmentError
from autograder.records import BONUS, FAMILIES, VERDICTS, Assignment, CasePlan, Operand, Question

LARGEST_SIZE = 5
MOST_AXES = 3
LONGEST_LIST = 4

PURE_SHARE = 0.2
"""Of the trials: called six times, to see what is remembered."""


def make_trials(assignment: Assignment, question: Question, seed: int, count: int) -> Assignment:
    """The assignment with that question alone, and with `count` random cases in place of its own, in deck order."""
    rng = np.random.default_rng(seed)
    plans: list[CasePlan] = []
    for number in range(100 * count):
        plan = _random_plan(question, rng, f"trial[{number}]")
        if _can_be_asked(assignment, question, plan, seed):
            plans.append(plan)
        if len(plans) == count:
            break
    plans.sort(key=lambda plan: FAMILIES.index(plan.family))
    points = {family: 1 for family in question.points if family in {plan.family for plan in plans}}
    return replace(assignment, questions=(replace(question, cases=tuple(plans), points=points),))


def _can_be_asked(assignment: Assignment, question: Question, plan: CasePlan, seed: int) -> bool:
    """Whether the forward function takes such operands, and has a gradient there that says something."""
    alone = replace(assignment, questions=(replace(question, cases=(plan,)),))
    try:
        reference = make_reference(alone, make_deck(alone, seed))
    except AssignmentError:
        return False
    # A numeric gradient is seen whole, or not at all.
    return plan.family != VERDICTS or all(output.entries is None for output in reference.outputs)


def _random_plan(question: Question, rng: np.random.Generator, key: str) -> CasePlan:
    def some_plan() -> CasePlan:
        plans = [plan for plan in question.cases if plan.family != BONUS]
        return plans[rng.integers(len(plans))]

    model = some_plan()
    operands = model.operands or question.operands
    letters = {size for operand in operands for size in (*(operand.shape or ()), operand.classes)}
    sizes = {letter: _random_size(rng) for letter in sorted(one for one in letters if isinstance(one, str))}
    shapes, lists = _random_shapes(operands, rng)
    plan = replace(model, key=key, sizes=sizes, shapes=shapes, lists=lists, same=(), then={})
    if plan.family == VERDICTS:
        return plan
    is_pure = "pure" in question.points and rng.random() < PURE_SHARE
    return replace(
        plan,
        family="pure" if is_pure else "values",
        draws=some_plan().draws,
        dtypes=some_plan().dtypes,
        layouts=some_plan().layouts,
        then={letter: _random_size(rng) for letter in list(sizes)[:1]} if is_pure else {},
    )


def _random_size(rng: np.random.Generator) -> int:
    return int(rng.integers(1, LARGEST_SIZE + 1))


Shapes = Mapping[str, tuple[int, ...]]
Lists = Mapping[str, tuple[tuple[int, ...], ...]]


def _random_shapes(operands: Sequence[Operand], rng: np.random.Generator) -> tuple[Shapes, Lists]:
    """Shapes that broadcast together for operands without shapes of their own; all lists have the same ones."""
    axes = rng.integers(0, MOST_AXES + 1)
    together = tuple(_random_size(rng) for _ in range(axes))
    of_lists = tuple(_some_shape(rng) for _ in range(rng.integers(1, LONGEST_LIST + 1)))
    shapes = {one.name: _shrunk(together, rng) for one in operands if one.shape is None and not one.is_list}
    return shapes, {one.name: of_lists for one in operands if one.is_list}


def _some_shape(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(_random_size(rng) for _ in range(rng.integers(0, MOST_AXES + 1)))


def _shrunk(shape: tuple[int, ...], rng: np.random.Generator) -> tuple[int, ...]:
    """The shape of something that broadcasts to `shape`: some leading axes gone, some of the others of length 1."""
    dropped = int(rng.integers(0, len(shape) + 1)) if rng.random() < 0.5 else 0
    return tuple(_shrink_axes(shape[dropped:], rng))


def _shrink_axes(shape: Sequence[int], rng: np.random.Generator) -> Iterator[int]:
    for size in shape:
        yield 1 if rng.random() < 0.2 else size
