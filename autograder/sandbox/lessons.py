"""What a zygote learns before it forks: an assignment's public files, run, and decks of cases.

Nothing here is secret: no answer, no seed, no path, and of students nothing at all.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.answer import plan_of
from autograder.learn import Training
from autograder.records import Case, Operation
from autograder.sandbox import wire
from autograder.sandbox.journal import Layout, make_layout


class Unfit(Exception):
    """A file of the instructor's cannot run here: not a student's fault. The file, and what it raised."""

    def __init__(self, name: str, error: BaseException) -> None:
        super().__init__(f"{name}.py", f"{type(error).__name__}: {' '.join(str(error).split())}")


@dataclass(frozen=True)
class Lesson:
    """What a worker needs of an assignment: its public files, and forward functions to be differentiated. These have
    copies of the files to themselves, and so have training and right functions: what a student is lent in one leads to
    no other, nor does `import forward`."""

    setting: wire.Setting
    forwards: Mapping[str, Any]


@dataclass(frozen=True)
class CasesOfDeck:
    """A deck as a worker knows it. `argument_bytes` are those of the arguments of each call of each case, `training`
    is what its runs need, if it has any."""

    cases: tuple[Case, ...]
    layout: Layout
    argument_bytes: tuple[tuple[bytes, ...], ...]
    training: Training


def learn_assignment(body: bytes) -> Lesson:
    """Run the public files of an assignment. Raises Unfit."""
    setting = wire.decode_setting(body)
    if "forward" not in setting.modules:
        return Lesson(setting, {})
    return Lesson(setting, vars(_copy_of("forward", setting)))


def functions_to_give(setting: wire.Setting, names: Collection[str]) -> dict[str, Callable[..., Any]]:
    """Right functions of these names, to be put in the place of a student's. Nothing is made or loaded without need."""
    if not names:
        return {}
    # A worker that gives nothing away does not even know how to.
    from autograder.copies import right_function

    operations = _operations(setting.operations, _copy_of("forward", setting))
    return {one.function: right_function(one) for one in operations.values() if one.function in names}


def learn_deck(body: bytes, setting: wire.Setting) -> CasesOfDeck:
    """The cases of a deck. Raises Unfit where one is a training run, and training.py cannot be run."""
    cases, shapes = wire.decode_deck(body)
    layout = make_layout([(calls, case.kept_after is not None) for case, calls in zip(cases, shapes)])
    training = _training(setting) if any(case.run is not None for case in cases) else Training()
    return CasesOfDeck(cases, layout, tuple(map(argument_bytes_of, cases)), training)


def argument_bytes_of(case: Case) -> tuple[bytes, ...]:
    """For each call, the bytes of its arguments, one after the other."""
    return tuple(planned.argument_bytes for planned in plan_of(case).calls)


def _training(setting: wire.Setting) -> Training:
    forward = _copy_of("forward", setting)
    before = sys.modules.get("forward")
    sys.modules["forward"] = forward  # for a training.py that imports it; a student imports another one
    try:
        training = _copy_of("training", setting)
        losses = {model: getattr(training, model).loss for model in setting.models}
    except AttributeError as error:
        raise Unfit("training", error) from error
    finally:
        del sys.modules["forward"]
        if before is not None:
            sys.modules["forward"] = before
    return Training(losses, _operations(setting.operations, forward))


def _operations(signatures: Sequence[wire.Signature], forward: types.ModuleType) -> dict[str, Operation]:
    try:
        return {one.forward: one.with_forward(getattr(forward, one.forward)) for one in signatures}
    except AttributeError as error:
        raise Unfit("forward", error) from error


def _copy_of(name: str, setting: wire.Setting) -> types.ModuleType:
    """A public file of the assignment, run as a module that cannot be imported."""
    module = types.ModuleType(name)
    try:
        exec(compile(setting.modules[name], f"{name}.py", "exec"), module.__dict__)
    except BaseException as error:
        raise Unfit(name, error) from error
    return module
