"""What each kind of case in the assignment is there for: the wrong files that would slip through without it.

Drops one kind at a time, such as all cases with an operand of no axes, and judges every file in
`solutions/backprop/wrong` by the cases that are left. A file slips through when it loses nothing any more with at least
one of the seeds. Kinds are dropped alone: of two that nothing needs, each may be there for the other.
Run it with `make bench`, or alone: `.venv/bin/python benchmarks/ablation.py --seeds 5`.
"""

from __future__ import annotations

import argparse
import math
import os
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

from autograder.answer import answer
from autograder.checks.cases import make_deck
from autograder.checks.reference import make_reference
from autograder.exams import Exam, prepare
from autograder.judging import judge
from autograder.records import FAMILIES, Answers, Case, CasePlan, Outcome, Question

ROOT = Path(__file__).resolve().parent.parent
WRONG = ROOT / "solutions" / "backprop" / "wrong"
SEEDS = 5
MOST_NAMES = 3

Shape = tuple[int, ...]

OF_ONE: Mapping[str, Callable[[Shape], bool]] = {
    "an operand of no axes": lambda shape: len(shape) == 0,
    "a vector": lambda shape: len(shape) == 1,
    "three axes or more": lambda shape: len(shape) >= 3,
    "a first axis of 1": lambda shape: shape[:1] == (1,),
    "another axis of 1": lambda shape: 1 in shape[1:],
    "all axes equal": lambda shape: len(shape) >= 2 and len(set(shape)) == 1,
    "more than 100 entries": lambda shape: math.prod(shape) > 100,
}
"""Kinds that show in the shape of a single operand."""

OF_TWO: Mapping[str, Callable[[Shape, Shape], bool]] = {
    "ranks that differ": lambda one, other: len(one) != len(other),
    "ranks that differ by 2 or more": lambda one, other: abs(len(one) - len(other)) >= 2,
    "a stretched axis": lambda one, other: any(m != n for m, n in zip(reversed(one), reversed(other))),
    "equal shapes": lambda one, other: one == other,
}
"""Kinds that show in the shapes of two operands that broadcast together."""


@dataclass
class Effect:
    """What dropping one kind does: how many cases go, and the files that then lose nothing, or less than before."""

    cases: int = 0
    slipping: set[str] = field(default_factory=set)
    losing_less: set[str] = field(default_factory=set)


def kinds_of(question: Question, plan: CasePlan, case: Case) -> set[str]:
    """All kinds that a case belongs to, in words."""
    return {
        f"family {plan.family}",
        *(f"draw {name} = {draw}" for name, draw in plan.draws.items()),
        *(f"dtype {name} = {dtype}" for name, dtype in plan.dtypes.items()),
        *(f"layout {name} = {layout}" for name, layout in plan.layouts.items()),
        *(["same"] if plan.same else []),
        *(["then"] if plan.then else []),
        *([f"differentiates {plan.forward}"] if plan.forward else []),
        *_kinds_of_shapes(question, plan, case),
    }


def _kinds_of_shapes(question: Question, plan: CasePlan, case: Case) -> Iterator[str]:
    operands = plan.operands or question.operands
    lists = [plan.lists[operand.name] for operand in operands if operand.is_list]
    for shapes in lists:
        yield "a list of 3 or more" if len(shapes) >= 3 else f"a list of {len(shapes)}"
        if len(set(shapes)) < len(shapes):
            yield "equal shapes in a list"

    arrays = [] if lists else list(zip(operands, (values.shape for values in case.calls[0].operands)))
    # Labels are a vector, and a learning rate is a number, in every case: that is no kind of case.
    varying = [shape for operand, shape in arrays if operand.shape != () and operand.classes is None]
    for shape in (*varying, *(shape for shapes in lists for shape in shapes)):
        yield from (kind for kind, belongs in OF_ONE.items() if belongs(shape))
    for one, other in combinations([shape for operand, shape in arrays if operand.shape is None], 2):
        yield from (kind for kind, belongs in OF_TWO.items() if belongs(one, other))


def functions_of(file: Path, name: str) -> dict[str, Callable[..., Any]]:
    namespace: dict[str, Any] = {"__name__": "example"}
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), namespace)
    return {name: namespace[name]}


def in_deck_order(question: Question) -> Question:
    """The question with its cases as they stand in a deck."""
    return replace(question, cases=tuple(sorted(question.cases, key=lambda plan: FAMILIES.index(plan.family))))


def exam_of(exam: Exam, question: Question, seed: int) -> Exam:
    """The exam of one question of an exam. Each case is drawn as ever, whichever other cases the question has."""
    assignment = replace(exam.assignment, questions=(question,))
    deck = make_deck(assignment, seed)
    return Exam(assignment, deck, make_reference(assignment, deck), exam.catalogue)


def lost_families(exam: Exam, answers: Answers, kept: Sequence[int]) -> set[str]:
    """The families that are lost by the answers to the cases that were kept. One without cases cannot be lost."""
    (result,) = judge(exam, replace(answers, cases=tuple(answers.cases[number] for number in kept)))
    return {check.name for check in result.checks if check.outcome is not Outcome.PASSED}


def ablate(exam: Exam, question: Question, seeds: Sequence[int], effects: dict[str, Effect]) -> int:
    """Drop each kind from a question, note in `effects` what that does; the number of wrong files looked at."""
    deck = exam_of(exam, question, seed=0).deck
    kinds = [kinds_of(question, plan, case) for plan, case in zip(question.cases, deck.cases)]
    everything = tuple(range(len(kinds)))
    kept = {kind: tuple(n for n in everything if kind not in kinds[n]) for kind in set().union(*kinds)}
    for kind, numbers in kept.items():
        effects[kind].cases += len(everything) - len(numbers)

    files = sorted((WRONG / question.name).glob("*.py"))
    for seed in seeds:
        exams = {
            numbers: exam_of(exam, replace(question, cases=tuple(question.cases[n] for n in numbers)), seed)
            for numbers in {everything, *kept.values()}
        }
        for file in files:
            functions = functions_of(file, question.function)
            # Asked once: what a function answers hardly ever depends on cases before, so it is not asked again.
            answers = answer(functions, exams[everything].deck, exam.assignment)
            lost = {numbers: lost_families(one, answers, numbers) for numbers, one in exams.items()}
            for kind, numbers in kept.items():
                if lost[everything] - lost[numbers]:
                    effects[kind].losing_less.add(f"{question.name}/{file.stem}")
                    if not lost[numbers]:
                        effects[kind].slipping.add(f"{question.name}/{file.stem}")
    return len(files)


def shown(names: set[str]) -> str:
    """The first few names, and how many more there are, indented below the numbers of a row."""
    first, rest = sorted(names)[:MOST_NAMES], len(names) - MOST_NAMES
    text = ", ".join(first) + (f" and {rest} more" if rest > 0 else "")
    indent = " " * 20
    return textwrap.fill(text, 100, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def main() -> None:
    parser = argparse.ArgumentParser(description="Which wrong files slip through without one kind of case?")
    parser.add_argument("--seeds", type=int, default=SEEDS, metavar="N", help=f"how often to draw the deck ({SEEDS})")
    seeds = range(parser.parse_args().seeds)

    exam = prepare(str(ROOT / "assignments" / "backprop"))
    effects: dict[str, Effect] = defaultdict(Effect)
    questions = [in_deck_order(question) for question in exam.assignment.questions if question.function]
    files = sum(ablate(exam, question, seeds, effects) for question in questions)
    needed = {kind: effect for kind, effect in effects.items() if effect.losing_less}

    print(f"without one kind of case at a time: {len(exam.deck.cases)} cases, {files} wrong files, {len(seeds)} seeds")
    print("slip: files that lose nothing any more; less: files that lose fewer families than now, or nothing")
    print(f"{'cases':>5} {'slip':>5} {'less':>5}   kind")
    for kind in sorted(needed, key=lambda kind: (-len(needed[kind].slipping), -len(needed[kind].losing_less), kind)):
        effect = needed[kind]
        print(f"{effect.cases:5} {len(effect.slipping):5} {len(effect.losing_less):5}   {kind}")
        if effect.slipping:
            print(shown(effect.slipping))
    print("nothing needs these kinds: without one of them, every wrong file loses what it loses now")
    for kind in sorted(effects.keys() - needed.keys()):
        print(f"{effects[kind].cases:5} {'':13} {kind}")


if __name__ == "__main__":
    main()
