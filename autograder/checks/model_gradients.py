"""The right gradients of a model at one point after the other, by complex step: back along the tape, node by node.

How the operands of its operations are stepped in groups is found out once. What comes out is proved at every point, by
one step of the whole model in a random direction, which knows of no tape and no groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.checks.compressed import ALIKE, Jacobian, find_jacobian, step_again
from autograder.derivative import STEP, vjp
from autograder.records import Array, Forward, Model, Operation
from autograder.tape import Node, Tape

Arrays = Mapping[str, Array]


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


class ModelGradients:
    """The right gradients of a model at one point after the other, which all have the shapes of the first."""

    def __init__(
        self, model: Model, operations: Mapping[str, Operation], parameters: Arrays, constants: Arrays
    ) -> None:
        self._model, self._operations, self._constants = model, operations, constants
        self._ways = _Ways()
        rng = np.random.default_rng(0)
        self._direction = {name: rng.normal(size=value.shape) for name, value in parameters.items()}
        tape, _ = taped(model, operations, parameters, constants)
        steps = sum(self._ways.steps(node, operations[node.operation].forward, wrt) for node, wrt in _on_the_way(tape))
        self._is_by_nodes = steps <= sum(value.size for value in parameters.values()) * len(tape.nodes)

    def of_nodes(self, parameters: Arrays) -> tuple[Tape, Node, dict[Node, Array]]:
        """The tape of one forward pass, the node of its loss, and the gradient of each node on the way to it."""
        tape, loss = taped(self._model, self._operations, parameters, self._constants)
        gradients = _back(tape, loss, self._ways)
        if not self._is_proved(parameters, self._by_name(parameters, gradients)):
            gradients = _back(tape, loss, _Ways())  # found anew, each is proved by itself
        return tape, loss, gradients

    def of_parameters(self, parameters: Arrays) -> tuple[float, Arrays]:
        """The loss, and its gradient for each parameter by name."""
        if self._is_by_nodes:
            _, loss, gradients = self.of_nodes(parameters)
            return float(loss.value), self._by_name(parameters, gradients)
        loss = loss_of(self._model, self._operations, parameters, self._constants)
        return float(loss), {name: self._entry_by_entry(parameters, name) for name in parameters}

    def _by_name(self, parameters: Arrays, gradients: Mapping[Node, Array]) -> Arrays:
        unused = {name: np.zeros(value.shape) for name, value in parameters.items()}
        return unused | {node.name: gradient for node, gradient in gradients.items() if node.name}

    def _is_proved(self, parameters: Arrays, gradients: Arrays) -> bool:
        stepped = {name: value + 1j * STEP * self._direction[name] for name, value in parameters.items()}
        changed = np.imag(loss_of(self._model, self._operations, stepped, self._constants)) / STEP
        parts = np.concatenate([(gradients[name] * self._direction[name]).reshape(-1) for name in parameters])
        return bool(abs(parts.sum() - changed) <= ALIKE * np.abs(parts).sum())

    def _entry_by_entry(self, parameters: Arrays, name: str) -> Array:
        """Through the whole model: for a loss that tells of no row by itself, and few parameters."""

        def loss(values: Array) -> Any:
            return loss_of(self._model, self._operations, {**parameters, name: values}, self._constants)

        return vjp(loss, [parameters[name]], 0, np.ones(()))[0]


def _back(tape: Tape, loss: Node, ways: _Ways) -> dict[Node, Array]:
    on_the_way = _on_the_way(tape)
    upstream = {loss: np.ones(())}
    for node, wrt in reversed(on_the_way):
        if node in upstream:
            operand, forward = node.inputs[wrt], tape.operations[node.operation].forward
            gradient = ways.vjp(node, forward, wrt, upstream[node])
            upstream[operand] = upstream[operand] + gradient if operand in upstream else gradient
    return upstream


def _on_the_way(tape: Tape) -> list[tuple[Node, int]]:
    """The nodes that parameters lead to, each with the places of its operands that have a gradient."""
    reached = {one for node in tape.nodes for one in node.inputs if one.name}
    found = []
    for node in tape.nodes:
        places = [place for place, one in enumerate(node.inputs) if one in reached]
        found += [(node, place) for place in places]
        if places:
            reached.add(node)
    return found


class _Ways:
    """How the operands of a model's operations are stepped in groups, as far as that was found out already."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Jacobian | None] = {}

    def steps(self, node: Node, forward: Forward, wrt: int) -> int:
        """How many calls of the forward function the gradient of an operand takes."""
        operands = [one.value for one in node.inputs]
        known = self._find(node.operation, forward, operands, wrt)
        return operands[wrt].size if known is None else len(known.way.groups)

    def vjp(self, node: Node, forward: Forward, wrt: int, grad_out: Array) -> Array:
        """The gradient of an operand: right, unless its structure has changed since its way was found."""
        operands = [one.value for one in node.inputs]
        known = self._find(node.operation, forward, operands, wrt)
        jacobian = None if known is None else step_again(known, forward, operands, wrt)
        return vjp(forward, operands, wrt, grad_out)[0] if jacobian is None else jacobian.vjp(grad_out)

    def _find(self, operation: str, forward: Forward, operands: Sequence[Array], wrt: int) -> Jacobian | None:
        key = (operation, wrt, *[values.shape for values in operands])
        if key not in self._known:
            self._known[key] = find_jacobian(forward, operands, wrt)
        return self._known[key]
