"""A model written once as forward calls, recorded, and walked back through given backward functions.

    tape = Tape(operations)
    loss = tape.softmax_cross_entropy(tape.matmul(x, tape.parameter("W", W)), targets)
    gradients = tape.gradients(loss, functions)

Reverse mode on a tape: Griewank and Walther, Evaluating Derivatives, 2nd ed., chapter 3. numpy only; the same lines run
in the grader, in the sandboxed worker, and in a student's notebook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.records import Array, Operation


@dataclass(frozen=True, eq=False)
class Node:
    """A value of the graph: a parameter (with its name), a constant, or the result of an operation on other nodes."""

    value: Array
    name: str = ""
    operation: str = ""
    inputs: tuple[Node, ...] = ()


class WrongGradient(Exception):
    """A backward function returned something that is no gradient: another structure, or another shape."""


class Tape:
    """Records the forward calls of one pass. Each operation is a method: `tape.add(a, b)` is a node."""

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self.operations = operations
        self.nodes: list[Node] = []

    def parameter(self, name: str, value: Array) -> Node:
        """A node whose gradient is wanted."""
        return Node(value, name)

    def __getattr__(self, name: str) -> Callable[..., Node]:
        if name not in self.operations:
            raise AttributeError(f"no question asks for the backward function of {name}")
        return partial(self._record, name)

    def _record(self, name: str, *given: Any) -> Node:
        inputs = tuple([one if isinstance(one, Node) else Node(np.asarray(one)) for one in given])
        value = self.operations[name].forward(*[node.value for node in inputs])
        node = Node(np.asarray(value), "", name, inputs)
        self.nodes.append(node)
        return node

    def gradients(self, loss: Node, functions: Mapping[str, Callable[..., Any]]) -> dict[str, Array]:
        """The gradient of the loss for each parameter by name, through `functions` by name, called in reverse order.

        A value that is used several times adds up what comes back. Raises WrongGradient, and whatever a function does.
        """
        upstream: dict[Node, Array] = {loss: np.ones(np.shape(loss.value))}
        for node in reversed(self.nodes):
            if node not in upstream:
                continue  # computed, and not used for the loss
            for operand, gradient in self._backward(node, upstream[node], functions):
                upstream[operand] = upstream[operand] + gradient if operand in upstream else gradient
        return {node.name: gradient for node, gradient in upstream.items() if node.name}

    def _backward(
        self, node: Node, grad_out: Array, functions: Mapping[str, Callable[..., Any]]
    ) -> list[tuple[Node, Array]]:
        operation = self.operations[node.operation]
        returned = functions[operation.function](*arguments_of(operation, node, grad_out))
        gradients = [returned] if len(operation.gradients) == 1 else returned
        if not isinstance(gradients, (tuple, list)) or len(gradients) != len(operation.gradients):
            raise WrongGradient(operation.function)
        pairs = []
        for name, gradient in zip(operation.gradients, gradients):
            operand, array = node.inputs[operation.operands.index(name)], _as_array(gradient)
            if array.shape != operand.value.shape or array.dtype.kind not in "biuf":
                raise WrongGradient(operation.function)
            if operand.name or operand.operation:  # of a constant, nobody wants it
                pairs.append((operand, array.copy()))  # it may be a buffer that the next call overwrites
        return pairs


def _as_array(gradient: Any) -> Array:
    """What came back as an array; one of objects where it is none, such as a tuple of several things."""
    try:
        return np.asarray(gradient)
    except ValueError:
        if not isinstance(gradient, (tuple, list)):
            raise
        return np.empty((), dtype=object)


def arguments_of(operation: Operation, node: Node, grad_out: Array) -> list[Array]:
    """What the backward function of a node is called with."""
    beside = {"grad_out": grad_out, "out": node.value}
    return [
        beside[name] if name in beside else node.inputs[operation.operands.index(name)].value
        for name in operation.receives
    ]
