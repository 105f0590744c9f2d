"""A training run as it should go: what a model learns from right gradients, and the single steps that make it.

Gradients come from the forward functions alone, by complex step: through the whole model where it has few parameters,
or operation by operation, back along the tape, where that perturbs fewer numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from autograder.derivative import STEP, vjp, vjp_by_rows
from autograder.records import Array, Assignment, Case, Model, Operation
from autograder.tape import Node, Tape

Arrays = Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The parameters at the start and after each step, and the losses there; and, at the end, the loss on what the
    model does not learn from. `optimum` is the smallest loss there is, where it is known."""

    parameters: tuple[Arrays, ...]
    losses: tuple[float, ...]
    unseen: float
    optimum: float | None


def loss_of(model: Model, operations: Mapping[str, Operation], parameters: Arrays, constants: Arrays) -> Any:
    """The loss, a number, complex for complex parameters."""
    ops = SimpleNamespace(**{name: operation.forward for name, operation in operations.items()})
    return model.loss(ops, parameters, constants)


def taped(
    model: Model, operations: Mapping[str, Operation], parameters: Arrays, constants: Arrays
) -> tuple[Tape, Node]:
    """The tape of one forward pass, and the node of its loss."""
    tape = Tape(operations)
    loss = model.loss(tape, {name: tape.parameter(name, value) for name, value in parameters.items()}, constants)
    return tape, loss


def gradients_of_nodes(tape: Tape, loss: Node) -> dict[Node, Array]:
    """The right gradient of the loss for each node on the way from a parameter to it."""
    reached = _reached(tape)
    upstream = {loss: np.ones(())}
    for node in reversed(tape.nodes):
        if node not in upstream or node not in reached:
            continue
        forward = tape.operations[node.operation].forward
        operands = [one.value for one in node.inputs]
        for place, one in enumerate(node.inputs):
            if one in reached:
                by_rows = vjp_by_rows(forward, operands, place, upstream[node])
                gradient = vjp(forward, operands, place, upstream[node])[0] if by_rows is None else by_rows
                upstream[one] = upstream[one] + gradient if one in upstream else gradient
    return upstream


def _reached(tape: Tape) -> set[Node]:
    """The parameters of a tape, and all that is computed from them."""
    reached = {one for node in tape.nodes for one in node.inputs if one.name}
    for node in tape.nodes:
        if any(one in reached for one in node.inputs):
            reached.add(node)
    return reached


def _gradient(model: Model, operations: Mapping[str, Operation], parameters: Arrays, constants: Arrays) -> Arrays:
    tape, loss = taped(model, operations, parameters, constants)
    reached = _reached(tape)
    node_by_node = sum(_steps_of(one, node) for node in tape.nodes for one in node.inputs if one in reached)
    if node_by_node <= sum(value.size for value in parameters.values()) * len(tape.nodes):
        found = gradients_of_nodes(tape, loss)
        return {node.name: gradient for node, gradient in found.items() if node.name}
    return {name: _whole_gradient(model, operations, parameters, constants, name) for name in parameters}


def _steps_of(operand: Node, node: Node) -> int:
    """About how many steps the gradient of an operand takes: one a column where it has the rows of the result."""
    has_rows = operand.value.ndim == node.value.ndim > 1 and len(operand.value) == len(node.value)
    return operand.value.size // len(operand.value) if has_rows else operand.value.size


def _whole_gradient(
    model: Model, operations: Mapping[str, Operation], parameters: Arrays, constants: Arrays, name: str
) -> Array:
    stepped = {**parameters, name: parameters[name].astype(complex)}
    gradient = np.empty(parameters[name].shape)
    for at in np.ndindex(gradient.shape):
        value = stepped[name][at]
        stepped[name][at] = complex(value.real, STEP)
        gradient[at] = np.imag(loss_of(model, operations, stepped, constants)) / STEP
        stepped[name][at] = value
    return gradient


_TRAJECTORIES: WeakKeyDictionary[Case, Trajectory] = WeakKeyDictionary()
"""Of the runs of a deck, for as long as there is the deck."""


def trajectory_of(assignment: Assignment, case: Case) -> Trajectory:
    """The run of a case as it should go. Worked out once for a deck."""
    if case not in _TRAJECTORIES:
        _TRAJECTORIES[case] = _trajectory(assignment, case)
    return _TRAJECTORIES[case]


def _trajectory(assignment: Assignment, case: Case) -> Trajectory:
    assert case.run is not None
    model, operations = assignment.models[case.run.model], assignment.operations
    constants, now = arrays_of(case)
    parameters = [now]
    for _ in range(case.run.steps):
        gradients = _gradient(model, operations, now, constants)
        now = {name: np.asarray(value - case.run.lr * gradients[name]) for name, value in now.items()}
        parameters.append(now)
    return Trajectory(
        tuple(parameters),
        losses_along(model, operations, parameters, constants),
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
