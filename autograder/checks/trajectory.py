"""A training run as it should go: what a model learns from right gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from autograder.checks.model_gradients import Arrays, ModelGradients, loss_of
from autograder.records import Assignment, Case, Model, Operation


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The parameters at the start and after each step, and the losses there; and, at the end, the loss on what the
    model does not learn from. `optimum` is the smallest loss there is, where it is known."""

    parameters: tuple[Arrays, ...]
    losses: tuple[float, ...]
    unseen: float
    optimum: float | None


_TRAJECTORIES: WeakKeyDictionary[Case, Trajectory] = WeakKeyDictionary()
"""Of the runs of a deck, for as long as there is the deck."""


def trajectory_of(assignment: Assignment, case: Case) -> Trajectory:
    """The run of a case as it should go. Worked out once for a deck."""
    if case not in _TRAJECTORIES:
        _TRAJECTORIES[case] = follow(assignment, case, right_gradients_of(assignment, case))
    return _TRAJECTORIES[case]


def remember(case: Case, trajectory: Trajectory) -> None:
    """What was worked out elsewhere for the same case."""
    _TRAJECTORIES[case] = trajectory


def right_gradients_of(assignment: Assignment, case: Case) -> ModelGradients:
    """What leads along the run of a case."""
    assert case.run is not None
    constants, start = arrays_of(case)
    return ModelGradients(assignment.models[case.run.model], assignment.operations, start, constants)


def follow(assignment: Assignment, case: Case, right: ModelGradients) -> Trajectory:
    """The run of a case, as these gradients lead it."""
    assert case.run is not None
    model, operations = assignment.models[case.run.model], assignment.operations
    constants, now = arrays_of(case)
    parameters, losses = [now], []
    for _ in range(case.run.steps):
        loss, gradients = right.of_parameters(now)
        now = {name: np.asarray(value - case.run.lr * gradients[name]) for name, value in now.items()}
        parameters.append(now)
        losses.append(loss)
    return Trajectory(
        tuple(parameters),
        (*losses, *losses_along(model, operations, parameters[-1:], constants)),
        losses_along(model, operations, parameters[-1:], unseen_of(case))[0],
        None if model.optimum is None else float(model.optimum(constants)),
    )


def losses_along(
    model: Model, operations: Mapping[str, Operation], parameters: Sequence[Arrays], constants: Arrays
) -> tuple[float, ...]:
    """The loss at each of several parameters."""
    with np.errstate(all="ignore"):  # of a run that has gone astray
        return tuple(float(loss_of(model, operations, one, constants)) for one in parameters)


def arrays_of(case: Case) -> tuple[Arrays, Arrays]:
    """The constants and the parameters at the start of a case that is a run."""
    assert case.run is not None
    values = [argument.values for argument in case.calls[0].arguments]
    names = (*case.run.constants, *case.run.parameters)
    by_name = dict(zip(names, values))
    return {n: by_name[n] for n in case.run.constants}, {n: by_name[n] for n in case.run.parameters}


def unseen_of(case: Case) -> Arrays:
    """The constants that the run does not learn from. They are kept where other calls have operands."""
    assert case.run is not None
    return dict(zip(case.run.constants, case.calls[0].operands))
