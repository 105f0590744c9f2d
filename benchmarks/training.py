"""What a training run costs beside the forward and backward functions that it calls.

The calls of a run are recorded, with their arguments, and made again in a plain loop, with the same updates of the
parameters: that is the least a run can take. Then, what a worker does for a run (answer, describe, write down) against
the loop alone; and the whole deck, training included, against `python -c "import numpy"`. All in time of the processor,
which is no longer on a busy machine.
Run it with `make bench`, or alone: `.venv/bin/python benchmarks/training.py`.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from autograder.answer import answer, answer_case, function_of, quiet
from autograder.exams import SEED, Exam, prepare
from autograder.learn import learn, training_of
from autograder.load.assignment import load_assignment
from autograder.records import Array, Model, Operation, Run
from autograder.sandbox import wire

ROOT = Path(__file__).resolve().parent.parent
RUNS = 25
Functions = Mapping[str, Callable[..., Any]]
Calls = list[tuple[Callable[..., Any], tuple[Any, ...]]]


def main() -> None:
    assignment = load_assignment(str(ROOT / "assignments" / "backprop"))
    namespace: dict[str, Any] = {}
    exec((ROOT / "solutions/backprop/solution.py").read_text(encoding="utf-8"), namespace)
    print(f"a training run against its bare calls and updates, medians of {RUNS} runs")
    for model in assignment.models.values():
        if model.steps:
            run, constants, parameters = begin(model, assignment.operations)
            functions = {name: namespace[name] for name in run.needs}
            report(model, assignment.operations, functions, run, constants, parameters)
    exam = prepare(str(ROOT / "assignments" / "backprop"))
    report_answers(exam, namespace)
    report_deck(exam, namespace)


def report_answers(exam: Exam, namespace: Mapping[str, Any]) -> None:
    """The runs of a deck as a worker answers them, against the same loops called plainly."""
    training = training_of(exam.assignment)
    runs = [case for case in exam.deck.cases if case.run is not None]
    answered, plain = [], []
    for _ in range(RUNS):
        for case in runs:
            function = function_of(case, namespace, training)
            assert function is not None
            assert case.run is not None
            values = [argument.values for argument in case.calls[0].arguments]
            constants, parameters = values[: len(case.run.constants)], values[len(case.run.constants) :]
            started = time.process_time()
            with quiet():
                wire.encode_answer(answer_case(function, case, exam.assignment.forwards))
            between = time.process_time()
            function(constants, parameters)
            plain.append(time.process_time() - between)
            answered.append(between - started)
    one, other = sum(answered) / RUNS, sum(plain) / RUNS
    print(
        f"  {one * 1e3:6.2f} ms answered {other * 1e3:5.2f} ms plain   {one / other:5.2f} x   all runs of a submission"
    )


def report_deck(exam: Exam, namespace: dict[str, Any]) -> None:
    """The answers to all cases, against an interpreter that loads numpy."""
    deck, loading = [], []
    for _ in range(RUNS):
        started = time.process_time()
        answer(namespace, exam.deck, exam.assignment)
        deck.append(time.process_time() - started)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "import numpy"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        loading.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    one, other = statistics.median(deck), statistics.median(loading)
    print(f"  {one * 1e3:6.2f} ms deck   {other * 1e3:6.2f} ms numpy  {one / other:5.2f} x   the whole deck")


def begin(model: Model, operations: Mapping[str, Operation]) -> tuple[Run, list[Array], list[Array]]:
    rng = np.random.default_rng(SEED)
    constants, parameters = model.data(rng), model.start(rng)
    needs = tuple(operations[name].function for name in model.operations)
    run = Run(model.name, tuple(constants), tuple(parameters), model.lr, model.steps, needs)
    return run, list(constants.values()), list(parameters.values())


def report(
    model: Model,
    operations: Mapping[str, Operation],
    functions: Functions,
    run: Run,
    constants: list[Array],
    parameters: list[Array],
) -> None:
    calls: Calls = []
    recording = {name: replace(one, forward=recorded(one.forward, calls)) for name, one in operations.items()}
    learn(
        model.loss,
        recording,
        {name: recorded(function, calls) for name, function in functions.items()},
        run,
        constants,
        parameters,
    )
    alone, whole = [], []
    for _ in range(RUNS):
        started = time.process_time()
        for function, arguments in calls:
            function(*arguments)
        for _ in range(run.steps):
            for values in parameters:
                values - run.lr * values
        called = time.process_time()
        learn(model.loss, operations, functions, run, constants, parameters)
        whole.append(time.process_time() - called)
        alone.append(called - started)
    one, other = statistics.median(whole), statistics.median(alone)
    print(f"  {one * 1e3:6.2f} ms whole   {other * 1e3:6.2f} ms bare   {one / other:5.2f} x   {model.title}")


def recorded(function: Callable[..., Any], calls: Calls) -> Callable[..., Any]:
    def record(*arguments: Any) -> Any:
        calls.append((function, arguments))
        return function(*arguments)

    return record


if __name__ == "__main__":
    main()
