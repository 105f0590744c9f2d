"""A model that is walked back once, as facts: its nodes, their values, and the gradients that came back on its edges.

Each backward call was given the right gradient from above, so what is wrong in a call is that call's own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from autograder.checks.compare import Comparison, gradients_of
from autograder.checks.model_gradients import Arrays
from autograder.checks.reference import Reference
from autograder.checks.steps import run_case
from autograder.checks.trajectory import arrays_of, right_gradients_of
from autograder.records import Answers, Array, Assignment, Case, Deck, Model, Question, Value
from autograder.tape import Node

MOST_NODES = 24
"""A graph of more is no picture to learn from."""


@dataclass(frozen=True, eq=False)
class Graph:
    """The graph of a model: its nodes as they came up, the right gradient of each, and its constants by name.

    `asked` are the cases of a deck that walk it back, by the node whose backward function they call.
    """

    title: str
    nodes: tuple[Node, ...]
    gradients: Mapping[Node, Array]
    constants: Arrays
    asked: Mapping[Node, int]


_GRAPHS: WeakKeyDictionary[Deck, dict[str, tuple[Graph, ...]]] = WeakKeyDictionary()
"""Of the questions of a deck, for as long as there is the deck."""


def graphs_of(assignment: Assignment, question: Question, deck: Deck) -> tuple[Graph, ...]:
    """The graphs of a question whose models are all walked back once; none for other questions. Worked out once."""
    known = _GRAPHS.setdefault(deck, {})
    if question.name not in known:
        known[question.name] = _graphs(assignment, question, deck)
    return known[question.name]


def _graphs(assignment: Assignment, question: Question, deck: Deck) -> tuple[Graph, ...]:
    models = [assignment.models[name] for name in question.models]
    if any(model.steps for model in models):
        return ()
    numbers = iter([number for number, case in enumerate(deck.cases) if case.question == question.name])
    return tuple(_graph(assignment, question, deck, model, numbers) for model in models)


def _graph(assignment: Assignment, question: Question, deck: Deck, model: Model, numbers: Any) -> Graph:
    case: Case = run_case(assignment, question, model, deck.seed, deck.index)
    constants, parameters = arrays_of(case)
    tape, _, gradients = right_gradients_of(assignment, case).of_nodes(parameters)
    used = [node for node in tape.nodes if node in gradients]
    leaves = dict.fromkeys(one for node in used for one in node.inputs if one in gradients and not one.operation)
    asked = dict(zip(reversed(used), numbers))  # the cases of a deck are in the order of the way back
    return Graph(model.title, (*leaves, *used), gradients, constants, asked)


def graph_facts(
    graphs: Sequence[Graph],
    assignment: Assignment,
    wrong: Sequence[int],
    reference: Reference,
    answers: Answers,
    comparison: Comparison,
) -> dict[str, Any]:
    """The facts of the first graph in which one of the cases `wrong` is asked, else of the first; {} without one."""
    small = [graph for graph in graphs if len(graph.nodes) <= MOST_NODES]
    told = next((graph for graph in small if set(wrong) & set(graph.asked.values())), next(iter(small), None))
    if told is None:
        return {}
    place = {node: number for number, node in enumerate(told.nodes)}
    nodes = []
    for node in told.nodes:
        facts: dict[str, Any] = {"value": _number(node.value.real), "gradient": _number(told.gradients[node])}
        if not node.operation:
            nodes.append({"name": node.name, **facts})
            continue
        inputs = [place.get(one, _constant(told.constants, one)) for one in node.inputs]
        back = _came_back(assignment, node, told.asked[node], reference, answers, comparison)
        nodes.append({"operation": node.operation, **facts, "inputs": inputs, **back})
    enters = next((place[node] for node, case in told.asked.items() if case in wrong), None)
    return {"graph": {"title": told.title, "nodes": nodes, **({} if enters is None else {"enters": enters})}}


def _came_back(
    assignment: Assignment, node: Node, case: int, reference: Reference, answers: Answers, comparison: Comparison
) -> dict[str, Any]:
    """What a backward function returned for each input of its node, and for which of them it is wrong."""
    operation = assignment.operations[node.operation]
    back: list[float | str | None] = [None] * len(node.inputs)
    wrong = []
    answer = answers.cases[case]
    indices = reference.of_call[case][0]
    outputs = [reference.outputs[index] for index in indices]
    replies = () if answer is None or answer.stopped else answer.replies
    values = gradients_of(replies[0], outputs) if replies and replies[0].raised is None else None
    for output, index, value in zip(outputs, indices, values or [None] * len(outputs)):
        at = operation.operands.index(output.operand)
        back[at] = _returned(value, output.shape)
        if value is None or value.shape != output.shape or not comparison.is_right[index]:
            wrong.append(at)
    return {"back": back, "wrong": wrong}


def _constant(constants: Arrays, node: Node) -> str:
    """A single number as it is written; an array by its name."""
    if not node.value.ndim:
        return f"{node.value[()].real:.4g}"
    names = [name for name, value in constants.items() if value is node.value]
    return names[0] if names else str(node.value.shape)


def _returned(value: Value | None, shape: tuple[int, ...]) -> float | str | None:
    """One number that came back; None for anything else."""
    return None if value is None or value.data is None or value.shape != shape else _number(value.data)


def _number(values: Array) -> float | str | None:
    """A single number, for which JSON may have no word; None for an array."""
    if np.ndim(values):
        return None
    number = float(values)
    return number if math.isfinite(number) else str(number)
