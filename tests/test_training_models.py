"""The models that are trained: what they promise on every seed, and the cells of the handout that run them."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conftest import ROOT, SOLUTIONS

pytestmark = pytest.mark.once

FOLDER = ROOT / "assignments" / "backprop"
SCRIPT = (FOLDER / "backprop.py").read_text(encoding="utf-8")
SOLUTION = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")
FIRST_TRAINING_CELL = "# %% [markdown]\n# ## Your functions at work"


def load_drift() -> Any:
    """The benchmark that measures drift: what it prints and what is tested here are the same runs."""
    spec = importlib.util.spec_from_file_location("drift", ROOT / "benchmarks" / "drift.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


drift = load_drift()
training = drift.TRAINING
right = drift.functions_of(SOLUTIONS / "solution.py")
all_models = [*drift.GRAPHS, *drift.TRAINED]
trained = pytest.mark.parametrize("model", drift.TRAINED, ids=[model.__name__ for model in drift.TRAINED])
every_model = pytest.mark.parametrize("model", all_models, ids=[model.__name__ for model in all_models])
some_seeds = pytest.mark.parametrize("seeds", [range(10), pytest.param(range(10, 200), marks=pytest.mark.proof)])


# ---- what a model is ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "value", "gradients"),
    [(training.graph, -10.0, {"a": -2.0, "b": -4.0, "c": 5.0}), (training.reuse, 3.75, {"w": 4.0})],
    ids=["graph", "reuse"],
)
def test_the_numbers_of_the_figure(model: Any, value: float, gradients: dict[str, float]) -> None:
    """What stands in the textbook (Jurafsky and Martin, figure 7.12) and what a student works out on paper."""
    rng = np.random.default_rng(0)
    constants, parameters = model.data(rng), model.start(rng)

    assert drift.loss_of(model, parameters, constants) == value
    assert drift.gradients_at(model, parameters, constants, right) == gradients


@every_model
def test_all_numbers_are_those_of_float32(model: Any) -> None:
    """Otherwise right float32 code would start at another point, and be called wrong for it."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        drawn = [model.data(rng), model.start(rng), getattr(model, "unseen", model.data)(rng)]
        arrays = [array for arrays in drawn for array in arrays.values()]
        assert all(isinstance(array, np.ndarray) for array in arrays)
        assert all(np.array_equal(array, array.astype(np.float32)) for array in arrays)
        assert float(np.float32(model.lr)) == model.lr


@every_model
def test_no_parameter_starts_at_zero(model: Any) -> None:
    """Zeros hide wrong gradients: whatever is multiplied by one comes out right."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        model.data(rng)
        assert all(np.all(array != 0.0) for array in model.start(rng).values())


@every_model
def test_the_same_seed_draws_the_same_numbers(model: Any) -> None:
    """A class is asked one deck, and it can be drawn again."""
    one, other = np.random.default_rng(3), np.random.default_rng(3)
    for draw in (model.data, model.start):
        first, second = draw(one), draw(other)
        assert {name: array.tobytes() for name, array in first.items()} == {
            name: array.tobytes() for name, array in second.items()
        }


def test_the_file_can_be_read_where_there_are_no_files() -> None:
    """A worker runs the file without knowing where it lies, and needs the losses only."""
    namespace: dict[str, Any] = {"__name__": "training"}
    exec((FOLDER / "training.py").read_bytes(), namespace)

    assert {"graph", "reuse", "bigram", "xor", "language_model"} <= namespace.keys()
    assert re.findall(r"^(?:import|from) .*$", (FOLDER / "training.py").read_text(encoding="utf-8"), re.M) == [
        "import numpy as np"
    ]


def test_every_word_is_known() -> None:
    """Each word of the verse has one kind, and unseen lines are made of the same words."""
    words = [word for line in training.lines("mary.txt") for word in line]
    kinds = [word for words_of_kind in training.KINDS.values() for word in words_of_kind]

    assert sorted(kinds) == sorted(set(words))
    assert {word for line in training.lines("unseen.txt") for word in line} <= set(words)
    assert not {tuple(line) for line in training.lines("unseen.txt")} & {
        tuple(line) for line in training.lines("mary.txt")
    }


# ---- what a right solution does ----------------------------------------------------------------------------


@trained
@some_seeds
def test_the_loss_falls_at_every_step(model: Any, seeds: range) -> None:
    """On every seed a right solution sees its loss fall, and that of unseen data is lower at the end than before."""
    for seed in seeds:
        losses, unseen = drift.losses_of(model, seed, list(drift.path(model, right, seed)))
        assert drift.falls(losses), seed
        assert losses[-1] < 0.9 * losses[0], seed
        assert unseen[1] < unseen[0] - 0.1, seed
        assert unseen[1] != losses[-1], seed


@some_seeds
def test_the_convex_model_comes_near_its_optimum(seeds: range) -> None:
    """The smallest loss is known by counting; no run is below it, and all end close to it."""
    optimum = training.bigram.optimum(training.bigram.data(np.random.default_rng(0)))
    for seed in seeds:
        losses, _ = drift.losses_of(training.bigram, seed, list(drift.path(training.bigram, right, seed)))
        assert optimum < min(losses) < optimum + 2e-3, seed


@trained
@some_seeds
def test_right_float32_code_stays_close(model: Any, seeds: range) -> None:
    """A hundred times inside a limit of 1e-3, whether the parameters or only the functions are float32."""
    inside = drift.functions_of(SOLUTIONS / "solution.py", ROOT / "tests/submissions/backprop/right/float32-inside.py")
    for seed in seeds:
        reference = list(drift.path(model, right, seed))
        assert drift.drift(drift.path(model, right, seed, "float32"), reference) < 1e-5, seed
        assert drift.drift(drift.path(model, inside, seed), reference) < 1e-5, seed


def test_all_runs_together_are_a_few_hundred_calls() -> None:
    """Each of them is answered for each student."""
    assert sum(map(drift.calls_of, all_models)) < 800


# ---- what a wrong one does ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("example", "model"),
    [
        ("multiply/scalar-as-vector", training.bigram),
        ("softmax_cross_entropy/no-upstream", training.bigram),
        ("softmax_cross_entropy/rounded", training.bigram),
        ("add/axes-by-size", training.xor),
        ("add/partial-unbroadcast--leading-only", training.xor),
        ("add/squeezed-batch", training.xor),
        ("matmul/fits-by-shape", training.xor),
        ("add/no-unbroadcast--grad-a", training.language_model),
        ("multiply/no-unbroadcast", training.language_model),
        ("multiply/stretched-axis-dropped", training.language_model),
        ("softmax_cross_entropy/classes-counted-from-targets", training.language_model),
    ],
)
def test_each_model_sees_mistakes_that_the_others_do_not(example: str, model: Any) -> None:
    """Shapes and numbers of the models differ, so that each of them is worth its time."""
    wrong = drift.functions_of(SOLUTIONS / "solution.py", SOLUTIONS / "wrong" / f"{example}.py")
    references = {one: [list(drift.path(one, right, 0))] for one in drift.TRAINED}

    assert [one for one in drift.TRAINED if drift.strays(one, wrong, 0, references[one])] == [model]


# ---- the cells of the handout ------------------------------------------------------------------------------


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with what students receive beside the handout, where imports look first."""
    shutil.copy(FOLDER / "training.py", tmp_path)
    shutil.copytree(FOLDER / "data", tmp_path / "data")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop("training", None)


def output_of(functions: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the handout prints when these functions stand in its cells, after the stubs."""
    script = "\n".join(line for line in SCRIPT.splitlines() if not line.startswith("print(grader."))  # tried elsewhere
    above, cell, below = script.partition(FIRST_TRAINING_CELL)
    assert cell
    exec(compile("\n".join([above, functions, cell + below]), "backprop.py", "exec"), {"__name__": "__main__"})
    return capsys.readouterr().out


def printed_run(model: Any) -> str:
    """The lines of a whole run, worked out on the tape of the grader."""
    rng = np.random.default_rng(0)
    constants = model.data(rng)
    run = list(drift.path(model, right, 0))
    every = model.steps // 5
    said = [f"{model.title}: {model.steps} steps, learning rate {model.lr:g}"]
    for step in range(0, model.steps + 1, every):
        said.append(f"  step {step:2}  loss {drift.loss_of(model, run[step], constants):.4f}")
    if model is training.bigram:
        said.append(f"  no parameters do better than {model.optimum(constants):.4f}")
    unseen = drift.loss_of(model, run[-1], model.unseen(np.random.default_rng(1)))
    said.append(f"  loss on what it has not seen: {unseen:.4f}")
    return "\n".join(said) + "\n"


GRAPHS = """\
computation graph: the value is -10
  gradient of a: -2
  gradient of b: -4
  gradient of c: 5
a value used again: the value is 3.75
  gradient of w: 4
"""


def test_the_handout_trains_with_right_functions(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The few lines of a tape in the handout take the very path of the grader's tape."""
    assert output_of(SOLUTION, capsys) == GRAPHS + "".join(map(printed_run, drift.TRAINED))


def test_the_handout_says_not_yet_as_it_is_handed_out(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever runs all cells at once, before the first function is written, sees no traceback."""
    assert (
        output_of("", capsys)
        == """\
Not yet: multiply: write the gradients of a and b
Not yet: add: write the gradients of a and b
bigram model: 30 steps, learning rate 4
Not yet: multiply: write the gradients of a and b
exclusive or: 50 steps, learning rate 1
Not yet: softmax_cross_entropy: write the gradient of the logits
neural language model: 14 steps, learning rate 1.25
Not yet: softmax_cross_entropy: write the gradient of the logits
"""
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            "def add_backward(grad_out, a, b):\n    return grad_out, grad_out",
            "Not yet: add_backward returned a gradient of shape (8, 2) for an operand of shape (2,).",
        ),
        (
            "def matmul_backward(grad_out, a, b):\n    return grad_out @ b.T",
            "Not yet: matmul_backward has to return two gradients, one for a and one for b.",
        ),
        (
            "def matmul_backward(grad_out, a, b):\n    return None, a.T @ grad_out",
            "Not yet: matmul_backward has to return an array for each gradient, and nothing beside it.",
        ),
        (
            "def sigmoid_backward(grad_out, out):\n    pass",
            "Not yet: sigmoid_backward has to return an array for each gradient, and nothing beside it.",
        ),
        (
            "def softmax_cross_entropy_backward(grad_out, logits, targets):\n    return 1.0, logits",
            "Not yet: softmax_cross_entropy_backward has to return an array for each gradient, and nothing beside it.",
        ),
        (
            "def sgd_step(params, grads, lr):\n    pass",
            "Not yet: sgd_step has to return a list with one new array for each parameter.",
        ),
        (
            "def sigmoid_backward(grad_out, out):\n    raise NotImplementedError('sigmoid: write the gradient of x')",
            "Not yet: sigmoid: write the gradient of x",
        ),
    ],
    ids=["shape", "one of two", "none", "no return", "loss and gradient", "no new parameters", "stub"],
)
def test_what_is_missing_is_said_in_one_sentence(
    wrong: str, said: str, beside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With one function that is not there yet, exclusive or says which one, and the cells go on."""
    lines = output_of(f"{SOLUTION}\n{wrong}", capsys).splitlines()
    start = lines.index("exclusive or: 50 steps, learning rate 1")
    end = lines.index("neural language model: 14 steps, learning rate 1.25")

    assert [line for line in lines[start + 1 : end] if not line.startswith("  step")] == [said]


def test_a_handout_without_its_files_says_which_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A notebook that was saved alone cannot train; everything above still works."""
    monkeypatch.delitem(sys.modules, "training", raising=False)
    monkeypatch.chdir(tmp_path)

    said = "Not yet: No module named 'training'. training.py and the folder data belong beside this file.\n"
    assert output_of(SOLUTION, capsys) == 5 * said


def test_a_handout_without_data_says_what_is_missing(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The models that read nothing still run."""
    shutil.rmtree(beside / "data")
    missing = f"Not yet: the file {beside / 'data' / 'mary.txt'} is missing. It comes with the handout.\n"

    output = output_of(SOLUTION, capsys)

    assert output == GRAPHS + missing + printed_run(training.xor) + missing
