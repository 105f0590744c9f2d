"""How far right float32 code strays from the reference run of each model, and which wrong functions no model sees.

Drift is the largest difference of any parameter from the reference run, at any step, over that parameter's largest
number. A wrong function is seen by a run that strays by more than 1e-2 or comes to an end, and by single steps that are
wrong on the reference's own path. Each wrong example replaces functions of the solution.
"""

from __future__ import annotations

import importlib.util
import statistics
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from autograder.checks.reference import LIMIT, vjp
from autograder.load.assignment import load_assignment
from autograder.records import Array, Operation
from autograder.tape import Tape

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "assignments" / "backprop"
SOLUTION = ROOT / "solutions" / "backprop" / "solution.py"
RIGHT = sorted((ROOT / "tests" / "submissions" / "backprop" / "right").glob("*.py"))
QUESTIONS = ("unbroadcast", "add", "multiply", "sigmoid", "matmul", "softmax_cross_entropy")

SEEDS = 200
FEW_SEEDS = 5
WRONG_SEEDS = 2
STRAYED = 1e-2

Functions = Mapping[str, Callable[..., Any]]
Parameters = dict[str, Array]


def load_training() -> Any:
    """The module training.py, from where it really lies."""
    spec = importlib.util.spec_from_file_location("training", FOLDER / "training.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def operations() -> dict[str, Operation]:
    """What a tape needs to know of each forward function that a question asks the backward function of."""
    assignment = load_assignment(str(FOLDER))
    return {
        question.forward: Operation(
            assignment.forwards[question.forward],
            tuple(operand.name for operand in question.operands),
            question.function,
            question.receives,
            question.gradients,
        )
        for question in assignment.questions
        if question.name in QUESTIONS
    }


def functions_of(*files: Path) -> Functions:
    """What the files define, one after the other in one namespace."""
    namespace: dict[str, Any] = {"__name__": "example"}
    for file in files:
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), namespace)
    return {name: value for name, value in namespace.items() if callable(value)}


TRAINING = load_training()
GRAPHS = (TRAINING.graph, TRAINING.reuse)
TRAINED = (TRAINING.bigram, TRAINING.xor, TRAINING.language_model)
OPERATIONS = operations()


# ---- one run -----------------------------------------------------------------------------------------------


def record(model: Any, parameters: Parameters, constants: Mapping[str, Array]) -> tuple[Tape, Any]:
    tape = Tape(OPERATIONS)
    return tape, model.loss(tape, {name: tape.parameter(name, value) for name, value in parameters.items()}, constants)


def loss_of(model: Any, parameters: Parameters, constants: Mapping[str, Array]) -> float:
    return float(record(model, parameters, constants)[1].value)


def calls_of(model: Any) -> int:
    """The backward calls of a whole run, or of the one walk back of a model that learns nothing."""
    rng = np.random.default_rng(0)
    constants = model.data(rng)
    return int(max(model.steps, 1)) * len(record(model, model.start(rng), constants)[0].nodes)


def path(model: Any, functions: Functions, seed: int, dtype: str = "float64") -> Iterator[Parameters]:
    """The parameters at the start and after each step, all arithmetic in this precision as far as functions allow."""
    rng = np.random.default_rng(seed)
    constants = {name: _as(dtype, value) for name, value in model.data(rng).items()}
    parameters = {name: _as(dtype, value) for name, value in model.start(rng).items()}
    yield parameters
    for _ in range(model.steps):
        gradients = gradients_at(model, parameters, constants, functions)
        parameters = {name: _as(dtype, value - model.lr * gradients[name]) for name, value in parameters.items()}
        yield parameters


def gradients_at(model: Any, parameters: Parameters, constants: Mapping[str, Array], functions: Functions) -> Any:
    tape, loss = record(model, parameters, constants)
    return tape.gradients(loss, functions)


def _as(dtype: str, values: Any) -> Array:
    array: Array = np.asarray(values)
    return array.astype(dtype) if array.dtype.kind == "f" else array


def drift(run: Iterable[Parameters], reference: Iterable[Parameters]) -> float:
    """NaN where the run holds one."""
    return float(
        np.max(
            [
                np.max(np.abs(there[name] - value)) / np.max(np.abs(value))
                for there, here in zip(run, reference)
                for name, value in here.items()
            ]
        )
    )


# ---- right code --------------------------------------------------------------------------------------------


def print_right(model: Any, solution: Functions) -> None:
    """The loss of 200 reference runs, and how far float32 strays from them."""
    references = [list(path(model, solution, seed)) for seed in range(SEEDS)]
    losses, unseen = zip(*(losses_of(model, seed, run) for seed, run in enumerate(references)))
    calls = calls_of(model) // model.steps
    inside = functions_of(SOLUTION, next(file for file in RIGHT if file.stem == "float32-inside"))
    single = max(drift(path(model, solution, seed, "float32"), run) for seed, run in enumerate(references))
    within = max(drift(path(model, inside, seed), run) for seed, run in enumerate(references))
    print(f"\n{model.__name__}: {model.steps} steps of {calls} backward calls, lr {model.lr:g}")
    print(f"  parameters: {', '.join(f'{name} {value.shape}' for name, value in references[0][0].items())}")
    print(f"  loss: {span(run[0] for run in losses)} -> {span(run[-1] for run in losses)}")
    print(f"  loss falls at every step on {sum(map(falls, losses))} of {SEEDS} seeds")
    print(
        f"  the run that falls least ends at {100 * max(run[-1] / run[0] for run in losses):.0f} % of where it starts"
    )
    if hasattr(model, "optimum"):
        optimum = model.optimum(model.data(np.random.default_rng(0)))
        print(f"  above the optimum {optimum:.4f} at the end: at most {max(run[-1] for run in losses) - optimum:.1e}")
    print(f"  loss on unseen: {span(one[0] for one in unseen)} -> {span(one[1] for one in unseen)}")
    print(f"  unseen falls on {sum(one[1] < one[0] for one in unseen)} of {SEEDS} seeds")
    print(f"  drift, parameters in float32: {single:.1e}; functions that compute in float32: {within:.1e}")
    runs = {file.stem: worst_drift(model, functions_of(file), references) for file in RIGHT}
    worst = max(runs, key=runs.__getitem__)
    print(f"  drift of {len(runs)} right submissions on {FEW_SEEDS} seeds: {runs[worst]:.1e} ({worst})")


def losses_of(model: Any, seed: int, run: list[Parameters]) -> tuple[list[float], tuple[float, ...]]:
    """The loss at every step, and that of unseen data at the first and the last."""
    constants = model.data(np.random.default_rng(seed))
    losses = [loss_of(model, parameters, constants) for parameters in run]
    unseen = model.unseen(np.random.default_rng([seed, 1]))
    return losses, (loss_of(model, run[0], unseen), loss_of(model, run[-1], unseen))


def worst_drift(model: Any, functions: Functions, references: list[list[Parameters]]) -> float:
    return max(drift(path(model, functions, seed), references[seed]) for seed in range(FEW_SEEDS))


def falls(losses: list[float]) -> bool:
    return all(later < earlier for earlier, later in pairwise(losses))


def span(numbers: Iterable[float]) -> str:
    numbers = list(numbers)
    return f"{statistics.median(numbers):.3f} ({min(numbers):.3f} to {max(numbers):.3f})"


# ---- wrong code --------------------------------------------------------------------------------------------


def print_wrong(solution: Functions) -> None:
    """How many wrong functions each model sees, and those that none does, with what they believe and lose."""
    files = [file for name in QUESTIONS for file in sorted((SOLUTION.parent / "wrong" / name).glob("*.py"))]
    by_run: dict[str, set[Path]] = {}
    by_step: dict[str, set[Path]] = {}
    for model in (*GRAPHS, *TRAINED):
        seeds = range(WRONG_SEEDS)
        references = [list(path(model, solution, seed)) for seed in seeds]
        steps = [step for seed in seeds for step in single_steps(model, solution, references[seed], seed)]
        by_step[model.__name__] = {file for file in files if is_wrong_somewhere(functions_of(SOLUTION, file), steps)}
        by_run[model.__name__] = {
            file for file in files for seed in seeds if strays(model, functions_of(SOLUTION, file), seed, references)
        }
        seen = by_step[model.__name__] | by_run[model.__name__]
        one, other = len(by_step[model.__name__]), len(by_run[model.__name__])
        print(f"  {model.__name__}: {len(seen)} of {len(files)}: {one} at single steps, {other} in the run")
    seen = set().union(*by_run.values(), *by_step.values())
    print(f"  all together: {len(seen)} of {len(files)}; runs alone: {len(set().union(*by_run.values()))}")
    only_runs = set().union(*by_run.values()) - set().union(*by_step.values())
    print(f"  seen by a run alone: {', '.join(sorted(map(name_of, only_runs))) or 'none'}")
    for file in files:
        if file not in seen:
            belief, *rest = file.read_text(encoding="utf-8").splitlines()
            loses = next((line for line in rest if line.startswith("# loses:")), "# loses: ?")
            print(f"  not seen: {name_of(file)} ({loses.removeprefix('# ')}): {belief.removeprefix('# ')}")


def name_of(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def strays(model: Any, functions: Functions, seed: int, references: list[list[Parameters]]) -> bool:
    try:
        return not drift(path(model, functions, seed), references[seed]) <= STRAYED
    except Exception:  # no gradient, or an exception of the function: the run has come to an end
        return True


def single_steps(model: Any, solution: Functions, run: list[Parameters], seed: int) -> Iterator[Any]:
    """Each backward call at the start, in the middle and at the end of a run, its gradients and their scales."""
    constants = model.data(np.random.default_rng(seed))
    for parameters in run[:: max(1, model.steps // 2)]:
        calls: list[tuple[str, list[Array]]] = []
        gradients_at(model, parameters, constants, recording(solution, calls))
        tape, _ = record(model, parameters, constants)
        for node, (function, arguments) in zip(reversed(tape.nodes), calls):
            operation = OPERATIONS[node.operation]
            operands = [one.value for one in node.inputs]
            wanted = [
                vjp(operation.forward, operands, operation.operands.index(name), arguments[0])
                for name in operation.gradients
            ]
            yield function, arguments, wanted


def recording(functions: Functions, calls: list[tuple[str, list[Array]]]) -> Functions:
    """The same functions, which also write down what they are called with."""

    def recorded(name: str) -> Callable[..., Any]:
        def call(*arguments: Array) -> Any:
            calls.append((name, [np.array(argument) for argument in arguments]))
            return functions[name](*arguments)

        return call

    return {name: recorded(name) for name in functions}


def is_wrong_somewhere(functions: Functions, steps: Iterable[Any]) -> bool:
    return any(is_wrong(functions[function], arguments, wanted) for function, arguments, wanted in steps)


def is_wrong(function: Callable[..., Any], arguments: list[Array], wanted: list[tuple[Array, Array]]) -> bool:
    """Whether any gradient is missing, of another shape, or off by more than the scaled error of a right one."""
    try:
        returned = function(*(np.array(argument) for argument in arguments))
        got = [returned] if len(wanted) == 1 else list(returned)
        arrays = [np.asarray(gradient, dtype=float) for gradient in got]
    except Exception:
        return True
    if [array.shape for array in arrays] != [gradient.shape for gradient, _ in wanted]:
        return True
    pairs = zip(arrays, wanted)
    return not all(np.max(np.abs(array - right)) <= LIMIT * (scale.max() or 1.0) for array, (right, scale) in pairs)


def main() -> None:
    warnings.simplefilter("ignore")  # a wrong function may overflow
    solution = functions_of(SOLUTION)
    print(f"{sum(map(calls_of, (*GRAPHS, *TRAINED)))} backward calls for all models together")
    for model in TRAINED:
        print_right(model, solution)
    print("\nwrong functions that are seen")
    print_wrong(solution)


if __name__ == "__main__":
    main()
