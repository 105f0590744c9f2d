"""Compared answers of a training question → check results: the share of right steps, and whether the run learned.

A step is one backward call in a model's own shapes, judged like any other. A run is judged by its parameters: they must
stay where right gradients lead them. Every loss is worked out here, from parameters; what a run says of itself is not
asked.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.checks.compare import Comparison
from autograder.checks.gradient import STOPPED, Judge
from autograder.checks.graphs import graph_facts, graphs_of
from autograder.checks.model_gradients import Arrays
from autograder.checks.reference import Reference
from autograder.checks.trajectory import Trajectory, arrays_of, losses_along, trajectory_of, unseen_of
from autograder.learn import WRONG_GRADIENT
from autograder.records import (
    LEARNING,
    STEPS,
    Answers,
    Assignment,
    Case,
    CaseAnswer,
    CheckResult,
    Deck,
    Facts,
    Outcome,
    Question,
    QuestionResult,
)

ASTRAY = 1e-3
"""How far a parameter may be from where right gradients lead, relative to the largest number in it. Right runs in
float32 stay a hundred times nearer; the smallest known mistake goes three times as far."""

LONGEST_CURVE = 60
"""Losses of a run that a report carries."""


def check_training(
    assignment: Assignment,
    question: Question,
    deck: Deck,
    reference: Reference,
    answers: Answers,
    comparison: Comparison,
) -> tuple[CheckResult, ...]:
    """One result for each family of a training question that has points. Scores are not set here."""
    cases = [(number, case) for number, case in enumerate(deck.cases) if case.question == question.name]
    missing = _missing(cases, answers)
    steps = _check_steps(assignment, question, deck, reference, answers, comparison, missing)
    results = {STEPS: steps}
    if LEARNING in question.points:
        runs = [(case, answers.cases[number]) for number, case in cases if case.run is not None]
        results[LEARNING] = _check_learning(assignment, runs, missing, steps.facts)
    return tuple(results[family] for family in question.points)


def _missing(cases: Sequence[tuple[int, Case]], answers: Answers) -> list[str]:
    """The functions that the models need and that could not be called, in the order in which they are needed."""
    needed = dict.fromkeys(case.function for _, case in cases if case.run is None)
    return [name for name in needed if answers.written[name].state != "written"]


# ---- steps -------------------------------------------------------------------------------------------------


def _check_steps(
    assignment: Assignment,
    question: Question,
    deck: Deck,
    reference: Reference,
    answers: Answers,
    comparison: Comparison,
    missing: Sequence[str],
) -> CheckResult:
    """How many steps are right. `counts` are the right ones and all, by function; `graph`, where the models are walked
    back once, is what a picture of one of them needs."""
    counts: dict[str, list[int]] = {}
    found = []
    wrong = []
    judges = _judges(assignment, question, deck, reference, comparison)
    for number, case in enumerate(deck.cases):
        if case.question != question.name or case.run is not None:
            continue
        judge = judges[case.function]
        faults = list(judge.faults(number, case, answers.cases[number], STEPS)) if case.function not in missing else []
        is_right = not faults and case.function not in missing
        count = counts.setdefault(case.function, [0, 0])
        count[0] += is_right
        count[1] += 1
        found += [(judge, case, fault) for fault in faults]
        wrong += [number] if faults else []
    facts: dict[str, Any] = {
        "right": sum(right for right, _ in counts.values()),
        "of": sum(of for _, of in counts.values()),
        "counts": [[name, *count] for name, count in counts.items()],
    }
    if not missing:
        graphs = graphs_of(assignment, question, deck)
        facts |= graph_facts(graphs, assignment, wrong, reference, answers, comparison)
    if found:
        judge = found[0][0]  # the first on the way back: what comes after it is told when this one is right
        result = judge.result(STEPS, [(case, fault) for one, case, fault in found if one is judge])
        culprits = _listed([name for name, (right, of) in counts.items() if right < of])
        return replace(result, facts={**result.facts, **facts, "culprits": culprits})
    if missing:
        return CheckResult(STEPS, Outcome.SKIPPED, fault="needs", facts={**facts, "names": _listed(missing)})
    return CheckResult(STEPS, Outcome.PASSED, facts=facts)


def _judges(
    assignment: Assignment, question: Question, deck: Deck, reference: Reference, comparison: Comparison
) -> dict[str, Judge]:
    """A judge for the steps of each function, which tells what it finds in the words of that function."""
    judges = {}
    for operation in assignment.operations.values():
        own = replace(question, function=operation.function, receives=operation.receives, gradients=operation.gradients)
        judges[operation.function] = Judge(own, assignment.forwards, deck, reference, comparison)
    return judges


# ---- learning ----------------------------------------------------------------------------------------------


def _check_learning(
    assignment: Assignment, runs: Sequence[tuple[Case, CaseAnswer | None]], missing: Sequence[str], steps: Facts
) -> CheckResult:
    """Whether the runs of all models went where they should; of the first that did not, where it left."""
    if missing:
        return CheckResult(LEARNING, Outcome.SKIPPED, fault="needs", facts={"names": _listed(missing)})
    wrong = [name for name, right, of in steps["counts"] if right < of]
    results = [_check_run(assignment, case, answer, wrong) for case, answer in runs]
    return next((result for result in results if result.outcome is not Outcome.PASSED), results[-1])


def _check_run(assignment: Assignment, case: Case, answer: CaseAnswer | None, wrong: Sequence[str]) -> CheckResult:
    assert case.run is not None
    trajectory = trajectory_of(assignment, case)
    facts: dict[str, Any] = {"function": case.run.function, "case": case.words, "steps": case.run.steps}
    if answer is None or answer.stopped:
        fault = answer.stopped if answer is not None else "not-called"
        at = answer.at if answer is not None else {}
        outcome = Outcome.STOPPED if fault in STOPPED else Outcome.FAILED
        return CheckResult(LEARNING, outcome, fault=f"run-{fault}", facts={**facts, **at, **_curve([], trajectory)})
    told = _told(assignment, case, answer, trajectory)
    facts |= told.facts
    if wrong:
        facts["culprits"] = _listed(wrong)
    if told.raised is not None:
        raised = dict(told.raised)
        is_gradient = raised.get("reason") != WRONG_GRADIENT
        if not is_gradient:
            del raised["reason"]
        fault = "run-raised" if is_gradient else "run-wrong-gradient"
        return CheckResult(LEARNING, Outcome.FAILED, fault=fault, facts={**facts, **raised})
    if told.left_at is not None:
        fault = "run-not-finite" if told.is_lost else "run-bends" if wrong else "run-departs"
        return CheckResult(LEARNING, Outcome.FAILED, fault=fault, facts={**facts, "step": told.left_at})
    return CheckResult(LEARNING, Outcome.PASSED, facts=facts)


@dataclass(frozen=True)
class _Told:
    """What a run told: at which step it left the right way, None if it never did, and the facts of its losses."""

    facts: Facts
    left_at: int | None
    is_lost: bool
    raised: Facts | None


def _told(assignment: Assignment, case: Case, answer: CaseAnswer, trajectory: Trajectory) -> _Told:
    assert case.run is not None
    reply = answer.replies[0]
    parameters = _parameters(case, [value.data for value in reply.values])
    model, operations = assignment.models[case.run.model], assignment.operations
    left_at = _left_at(parameters, trajectory.parameters)
    constants = arrays_of(case)[0]
    if left_at is None:  # on the right way, the losses are those of the right way; only the last is worth working out
        losses = (*trajectory.losses[:-1], *losses_along(model, operations, parameters[-1:], constants))
    else:
        losses = losses_along(model, operations, parameters, constants)
    unseen = losses_along(model, operations, parameters[-1:], unseen_of(case))
    facts = {
        **_curve(losses, trajectory),
        "loss": _number(losses[-1] if losses else math.nan),
        "expected_loss": trajectory.losses[-1],
        "unseen_loss": _number(unseen[-1] if unseen else math.nan),
        "expected_unseen_loss": trajectory.unseen,
        **({} if trajectory.optimum is None else {"optimum": trajectory.optimum}),
    }
    is_lost = left_at is not None and left_at < len(parameters) and not _is_finite(parameters[-1])
    return _Told(facts, left_at, is_lost, reply.raised)


def _parameters(case: Case, stacked: Sequence[Any]) -> list[Arrays]:
    """The parameters after each step, as far as the answer holds all of them in their shapes."""
    assert case.run is not None
    start = arrays_of(case)[1]
    if len(stacked) != len(start) or any(
        one is None or one.shape[1:] != value.shape for one, value in zip(stacked, start.values())
    ):
        return []
    steps = min((len(one) for one in stacked), default=0)
    return [dict(zip(start, (one[step] for one in stacked))) for step in range(steps)]


def _left_at(parameters: Sequence[Arrays], right: Sequence[Arrays]) -> int | None:
    """The first step after which the parameters are not where they should be; None if they always are."""
    known = min(len(parameters), len(right))
    there = np.arange(len(right)) < known
    for name in right[0] if known else ():
        expected, got = (np.array([one[name] for one in run[:known]]).reshape(known, -1) for run in (right, parameters))
        with np.errstate(all="ignore"):
            there[:known] &= np.abs(got - expected).max(axis=1) <= ASTRAY * np.abs(expected).max(axis=1)
    return None if there.all() else int(np.argmin(there))


def _is_finite(parameters: Arrays) -> bool:
    return all(bool(np.isfinite(value).all()) for value in parameters.values())


def _curve(losses: Sequence[float], trajectory: Trajectory) -> dict[str, Any]:
    """The loss along the run and along the right one, at the same steps, at most LONGEST_CURVE of them."""
    every = -(-len(trajectory.losses) // LONGEST_CURVE)
    return {
        "curve": [_number(loss) for loss in losses[::every]],
        "expected_curve": list(trajectory.losses[::every]),
        "every": every,
    }


def _number(number: float) -> float | str:
    """JSON has no word for infinity."""
    return float(number) if math.isfinite(number) else str(float(number))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


# ---- mercy -------------------------------------------------------------------------------------------------


def with_mercy(assignment: Assignment, results: Sequence[QuestionResult]) -> tuple[QuestionResult, ...]:
    """The results, in which a run that failed names the functions that had lost their points already.

    These facts say how many steps of the other functions are right: what the run is then worth.
    """
    lost = {result.function for result in results if result.function and result.outcome is not Outcome.PASSED}
    return tuple(_with_mercy(result, lost) if assignment.mercy else result for result in results)


def _with_mercy(result: QuestionResult, lost: set[str]) -> QuestionResult:
    steps = next((check for check in result.checks if check.name == STEPS), None)
    if steps is None or "counts" not in steps.facts:
        return result
    counts: Mapping[str, tuple[int, int]] = {name: (right, of) for name, right, of in steps.facts["counts"]}
    already = [name for name in counts if name in lost]
    if not already:
        return result
    others = [count for name, count in counts.items() if name not in lost]
    mercy = {
        "lost": _listed(already),
        "others_right": sum(right for right, _ in others),
        "others": sum(of for _, of in others),
    }
    return replace(
        result,
        checks=tuple(
            replace(check, facts={**check.facts, **mercy})
            if check.name == LEARNING and check.outcome in (Outcome.FAILED, Outcome.STOPPED)
            else check
            for check in result.checks
        ),
    )
