"""`training.py`, a public file with one class for each model → `Model` records; every complaint says class and what."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.errors import AssignmentError, did_you_mean
from autograder.records import Array, Forward, Model, Operation, Question
from autograder.tape import Tape


def operations_of(questions: Sequence[Question], forwards: Mapping[str, Forward]) -> dict[str, Operation]:
    """The forward functions that a model may call: those whose backward function some question asks for."""
    return {
        question.forward: Operation(
            forward=forwards[question.forward],
            operands=tuple(operand.name for operand in question.operands),
            function=question.function,
            receives=tuple(question.receives),
            gradients=tuple(question.gradients),
        )
        for question in questions
        if question.forward
        and not any(operand.is_list for operand in question.operands)
        and not any(name.endswith(".shape") for name in question.receives)
    }


def load_models(file: Path, names: Sequence[str], operations: Mapping[str, Operation]) -> dict[str, Model]:
    """The models of these names. Raises AssignmentError when one is not there, or is no model."""
    if not names:
        return {}
    namespace: dict[str, Any] = {
        "__name__": "training",
        "__file__": str(file.resolve()),
    }  # data is read later, from anywhere
    try:
        exec(compile(file.read_bytes(), str(file), "exec"), namespace)
    except OSError as error:
        raise AssignmentError(str(file), "", wanted="the models that are trained", got="no such file") from error
    except (Exception, SystemExit) as error:
        raise AssignmentError(str(file), "", wanted="a Python file that can be run", got=_said(error)) from error
    classes = {name: value for name, value in namespace.items() if inspect.isclass(value)}
    return {name: _model(file, name, classes, operations) for name in names}


def _model(file: Path, name: str, classes: Mapping[str, type], operations: Mapping[str, Operation]) -> Model:
    if name not in classes:
        hint = did_you_mean(name, classes)
        got = f"classes {', '.join(classes) or 'none'}"
        raise AssignmentError(str(file), f"class {name}", wanted="a class of this name", got=got, hint=hint)
    given: Any = classes[name]

    lr, steps = getattr(given, "lr", 1.0), getattr(given, "steps", 0)
    if not isinstance(steps, int) or steps < 0 or not isinstance(lr, (int, float)) or (steps and not lr > 0):
        wanted = "lr above 0, and a whole number of steps; or steps = 0"
        raise AssignmentError(str(file), f"class {name}", wanted=wanted, got=f"lr = {lr!r} and steps = {steps!r}")
    for key in ("data", "start", "loss"):
        if not callable(getattr(given, key, None)):
            raise AssignmentError(str(file), f"{name}.{key}", wanted="a function", got=repr(getattr(given, key, None)))
    model = Model(
        name=name,
        title=str(getattr(given, "title", name)),
        lr=float(lr),
        steps=steps,
        data=_drawing(given.data),
        unseen=_drawing(getattr(given, "unseen", given.data)),
        start=_drawing(given.start),
        loss=given.loss,
        optimum=getattr(given, "optimum", None),
        operations=(),
    )
    return _traced(model, operations)


def _drawing(draw: Callable[..., Any]) -> Callable[[np.random.Generator], Mapping[str, Array]]:
    return lambda rng: {name: np.asarray(value) for name, value in draw(rng).items()}


def _traced(model: Model, operations: Mapping[str, Operation]) -> Model:
    """The model with the operations that it calls. Run forward once, to find out."""
    tape = Tape(operations)
    try:
        rng = np.random.default_rng(0)
        constants, parameters = model.data(rng), model.start(rng)
        loss = model.loss(tape, {name: tape.parameter(name, value) for name, value in parameters.items()}, constants)
        value = np.asarray(loss.value)
    except Exception as error:
        return replace(model, fault=_said(error))
    if value.shape != ():
        return replace(model, fault=f"a loss of shape {value.shape}")
    if value.dtype.kind != "f" or not np.isfinite(value):
        return replace(model, fault=f"a loss of {value}")
    return replace(model, operations=tuple(dict.fromkeys(node.operation for node in tape.nodes)))


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
