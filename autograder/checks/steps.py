"""Draws the cases of a training question: whole runs, and single backward calls along them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

import numpy as np

from autograder.checks.model_gradients import Arrays, taped
from autograder.checks.trajectory import follow, remember, right_gradients_of
from autograder.errors import AssignmentError
from autograder.records import (
    LEARNING,
    STEPS,
    AnswerKey,
    Argument,
    Array,
    Assignment,
    Call,
    Case,
    Model,
    Operation,
    Question,
    Run,
    Slot,
)
from autograder.tape import Node, arguments_of

LOOKS = (0.0, 1.0)
"""Where along a run its steps are looked at: at the start, and at the end."""

JITTER = 0.1
"""How far the parameters of a step are moved, relative to their size. Each step is moved by itself, so that no case
holds the answer to another one."""

UPSTREAM_JITTER = 0.3


def training_cases(assignment: Assignment, question: Question, seed: int, index: int) -> list[Case]:
    """The steps of all models of a question, and then their runs, in the order of the question's models.

    Raises AssignmentError when one of the models cannot be run forward.
    """
    for name in question.models:
        if assignment.models[name].fault:
            raise _broken(assignment, assignment.models[name])
    runs = [run_case(assignment, question, assignment.models[name], seed, index) for name in question.models]
    steps = [step for run in runs for step in _steps(assignment, question, run, seed, index)]
    return [*steps, *(run for run in runs if run.run is not None and run.run.steps)]


def _broken(assignment: Assignment, model: Model) -> AssignmentError:
    file, wanted = str(assignment.folder / "training.py"), "a model whose loss is one finite number, made of operations"
    return AssignmentError(file, f"class {model.name}", wanted=f"{wanted} that questions ask for", got=model.fault)


def _rng(seed: int, index: int, *names: str) -> np.random.Generator:
    return np.random.default_rng([seed, index, *(zlib.crc32(name.encode()) for name in names)])


# ---- runs --------------------------------------------------------------------------------------------------


def run_case(assignment: Assignment, question: Question, model: Model, seed: int, index: int) -> Case:
    """The run of one model. One of no steps is in no deck; it has the numbers that the graph is walked back with."""
    rng = _rng(seed, index, question.name, model.name)
    constants, parameters, unseen = model.data(rng), model.start(rng), model.unseen(rng)
    run = Run(
        model=model.name,
        constants=tuple(constants),
        parameters=tuple(parameters),
        lr=model.lr,
        steps=model.steps,
        needs=tuple(assignment.operations[name].function for name in model.operations),
    )
    arguments = tuple(Argument(value) for value in (*constants.values(), *parameters.values()))
    call = Call(arguments, tuple(unseen[name] for name in constants), np.ones(()))
    slots = (Slot("list", len(constants)), Slot("list", len(parameters)))
    return Case(question.name, run.function, LEARNING, model.title, (call,), slots, run=run)


# ---- steps -------------------------------------------------------------------------------------------------


def _steps(assignment: Assignment, question: Question, case: Case, seed: int, index: int) -> Iterator[Case]:
    assert case.run is not None
    model, operations = assignment.models[case.run.model], assignment.operations
    constants = dict(zip(case.run.constants, (argument.values for argument in case.calls[0].arguments)))
    right = right_gradients_of(assignment, case)
    trajectory = follow(assignment, case, right)
    remember(case, trajectory)
    for at in sorted({round(look * model.steps) for look in LOOKS}):
        parameters = trajectory.parameters[at]
        tape, _, upstream = right.of_nodes(parameters)
        for number, node in reversed(list(enumerate(tape.nodes))):  # as they are walked back
            if node in upstream:
                rng = _rng(seed, index, question.name, model.name, f"step {at}, {number}")
                moved = parameters if not model.steps else _moved(parameters, rng)
                other, _ = taped(model, operations, moved, constants)
                grad_out = upstream[node]
                if model.steps:
                    grad_out = _float32(grad_out * (1.0 + UPSTREAM_JITTER * rng.standard_normal(grad_out.shape)))
                yield _step(question, model, operations, at, other.nodes[number], grad_out)


def _step(
    question: Question, model: Model, operations: Mapping[str, Operation], at: int, node: Node, grad_out: Array
) -> Case:
    operation = operations[node.operation]
    operands = tuple(one.value if one.value.dtype.kind in "iu" else _float32(one.value) for one in node.inputs)
    out = np.asarray(operation.forward(*operands))
    again = Node(out, operation=node.operation, inputs=tuple(Node(value) for value in operands))
    call = Call(tuple(map(Argument, arguments_of(operation, again, grad_out))), operands, grad_out)
    places = tuple(operation.operands.index(name) for name in operation.gradients)
    results = tuple(f"grad_{name}" for name in operation.gradients)
    key = AnswerKey(node.operation, operation.operands, (None,) * len(operands), places, results)
    place = f"{model.title}, step {at}" if model.steps else model.title
    words = f"{place}, {node.operation}({', '.join(map(_in_words, operation.operands, operands))})"
    return Case(question.name, operation.function, STEPS, words, (call,), (Slot(),) * len(call.arguments), key)


def _in_words(name: str, value: Array) -> str:
    """A number by itself, an array by its name and shape."""
    return f"{name} {value.shape}" if value.ndim else f"{value[()]:g}"


def _moved(parameters: Arrays, rng: np.random.Generator) -> Arrays:
    return {
        name: _float32(value * (1.0 + JITTER * rng.standard_normal(value.shape))) for name, value in parameters.items()
    }


def _float32(values: Array) -> Array:
    """The nearest numbers that a float32 holds, so that a student may compute in either precision."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)
