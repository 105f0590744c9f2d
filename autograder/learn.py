"""A whole training run: gradient descent on a model's loss, with a student's backward functions.

numpy only; the same lines run in the grader, in the sandboxed worker, and in a student's notebook.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.places.exceptions import exception_facts
from autograder.records import Array, Assignment, Facts, Operation, Run
from autograder.tape import Tape, WrongGradient

Loss = Callable[..., Any]
Functions = Mapping[str, Callable[..., Any]]

WRONG_GRADIENT = "wrong-gradient"
"""The `reason` of a run that ended because a backward function returned something that is no gradient."""


@dataclass(frozen=True)
class Training:
    """What a training run needs beside the student's functions: the loss of each model, and the operations in it."""

    losses: Mapping[str, Loss] = field(default_factory=dict)
    operations: Mapping[str, Operation] = field(default_factory=dict)


NO_TRAINING = Training()
"""Enough for a deck without training runs."""


class RunEnded(Exception):
    """A run that came to an early end. `recorded` is what `learn` would have returned so far.

    `facts` are those of the exception, with the `step` in which it was raised and the `function` that was called; this
    is the run itself where the forward pass failed.
    """

    def __init__(self, recorded: list[Array], facts: Facts) -> None:
        super().__init__(recorded, facts)
        self.recorded = recorded
        self.facts = facts


def training_of(assignment: Assignment) -> Training:
    """What the training runs of an assignment need."""
    return Training({name: model.loss for name, model in assignment.models.items()}, assignment.operations)


def learn(
    loss: Loss,
    operations: Mapping[str, Operation],
    functions: Functions,
    run: Run,
    constants: Sequence[Array],
    parameters: Sequence[Array],
    watch: Callable[[int], object] | None = None,
) -> list[Array]:
    """The parameters at the start and after each step: an array of shape (steps + 1, *shape) for each of them.

    They end with the first that are not finite. Raises RunEnded when a function raises, or returns no gradient.
    `watch` is told of each step that begins.

    Constants, and the parameters of each step, are lent to the functions as they are. One that writes into them
    changes the course of the run, as it would in any other program; what is recorded stays as it was.
    """
    data = dict(zip(run.constants, constants))
    now = [np.array(values) for values in parameters]
    recorded = [np.empty((run.steps + 1, *values.shape), values.dtype) for values in now]
    _record(recorded, 0, now)
    calls = _Calls(functions)
    for step in range(1, run.steps + 1):
        if not all(map(_is_finite, now)):
            return [values[:step] for values in recorded]
        if watch is not None:
            watch(step)
        calls.latest = run.function
        try:
            now = _descend(loss, Tape(operations), calls, run, data, now)
        except MemoryError:
            raise
        except BaseException as error:  # a student's `sys.exit()` ends the run, and not the process
            facts = _facts(error, calls, operations)
            raise RunEnded([values[:step] for values in recorded], {**facts, "step": step}) from error
        _record(recorded, step, now)
    return recorded


class _Calls(dict[str, Callable[..., Any]]):
    """Functions by name, which remember whom the tape took last: if something is raised, it is there."""

    latest = ""

    def __getitem__(self, name: str) -> Callable[..., Any]:
        self.latest = name
        return super().__getitem__(name)


def _descend(
    loss: Loss, tape: Tape, functions: Functions, run: Run, data: Mapping[str, Array], now: Sequence[Array]
) -> list[Array]:
    """The parameters after one step, in arrays of their own, each in its own dtype."""
    nodes = {name: tape.parameter(name, values) for name, values in zip(run.parameters, now)}
    gradients = tape.gradients(loss(tape, nodes, data), functions)
    return [
        np.asarray(values - run.lr * gradients.get(name, 0.0), dtype=values.dtype)
        for name, values in zip(run.parameters, now)
    ]


def _is_finite(values: Array) -> bool:
    # The sum of squares says so for all ordinary numbers, in a quarter of the time.
    return math.isfinite(np.vdot(values, values)) or bool(np.isfinite(values).all())


def _record(recorded: Sequence[Array], step: int, now: Sequence[Array]) -> None:
    for values, current in zip(recorded, now):
        values[step] = current


def _facts(error: BaseException, calls: _Calls, operations: Mapping[str, Operation]) -> Facts:
    """The facts of what was raised, and the function that was called; see RunEnded."""
    if isinstance(error, WrongGradient):
        return {"exception": "WrongGradient", "text": "", "reason": WRONG_GRADIENT, "function": calls.latest}
    receives = [operation.receives for operation in operations.values() if operation.function == calls.latest]
    facts = exception_facts(error, calls.get(calls.latest), len(receives[0]) if receives else 0)
    return {**facts, "function": calls.latest}
