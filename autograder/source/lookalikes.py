"""Names that a student may have given to a graded function: in camel case, as in another course, or misspelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache

BACKWARD = (
    *("{}_backward", "{}_backwards", "{}_bwd", "{}_back", "{}_backprop", "{}_vjp"),
    *("{}_grad", "{}_gradient", "{}_prime", "{}_deriv", "{}_derivative", "{}_delta"),
    *("d_{}", "grad_{}", "gradient_{}", "backward_{}", "backprop_{}", "back_{}", "bwd_{}", "delta_{}", "deriv_{}"),
)
"""How the backward function of an operation is called elsewhere."""

OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "add": ("addition", "plus"),
    "multiply": ("mul", "mult", "multiplication", "times"),
    "sigmoid": ("sigm", "logistic"),
    "matmul": ("dot", "linear", "mm", "matrix_multiply", "matrix_multiplication"),
    "softmax_cross_entropy": (
        *("softmax_loss", "cross_entropy", "cross_entropy_loss", "softmax_ce", "softmax_cross_entropy_loss"),
        *("softmax_xent", "cross_entropy_softmax", "cross_entropy_with_softmax", "softmax_with_cross_entropy"),
    ),
}
"""Other names of the operations themselves."""

OTHERS: Mapping[str, tuple[str, ...]] = {
    "sgd_step": ("sgd", "sgd_update", "step_sgd", "update_sgd", "sgd_optimizer_step", "gradient_descent_step"),
    "numeric_gradient": (
        *("numerical_gradient", "num_grad", "numeric_grad", "numerical_grad", "num_gradient"),
        *("eval_numerical_gradient", "compute_numerical_gradient", "finite_difference_gradient"),
    ),
    "unbroadcast": ("unbroadcast_grad", "unbroadcast_gradient", "unbroadcast_to", "sum_to_shape", "reduce_to_shape"),
}
"""Other names of functions that are no backward functions."""

CLOSE = 0.8
CLOSE_STEM = 0.65
"""How alike two names must be, and their first halves alone: almost all of them end in `_backward`."""


def find_lookalikes(missing: Sequence[str], defined: Sequence[str]) -> dict[str, str]:
    """For some of the `missing` functions, the name among `defined` that may be meant. No name stands for two."""
    found: dict[str, str] = {}
    if not missing:  # as usual
        return found
    known = {alias for function in (*missing, *_functions_of_the_tables()) for alias in _aliases(function)}
    for function in missing:
        aliases = _aliases(function)
        exact = [name for name in defined if _squashed(name) in aliases and name not in found.values()]
        if exact:
            found[function] = exact[-1]
    close = [
        (_likeness(function, name), function, name)
        for name in defined
        for function in missing
        if _squashed(name) not in known and _is_close(function, name)
    ]
    for _, function, name in sorted(close, reverse=True):
        if function not in found and name not in found.values():
            found[function] = name
    return found


def _functions_of_the_tables() -> list[str]:
    return [*(f"{operation}_backward" for operation in OPERATIONS), *OTHERS]


@cache
def _aliases(function: str) -> frozenset[str]:
    operation = function.removesuffix("_backward")
    if operation == function:
        return frozenset(_squashed(name) for name in (function, *OTHERS.get(function, ())))
    names = (operation, *OPERATIONS.get(operation, ()))
    return frozenset(_squashed(pattern.format(name)) for pattern in BACKWARD for name in names)


def _is_close(function: str, name: str) -> bool:
    if _likeness(function, name) < CLOSE:
        return False
    stem, other_stem = (_squashed(one.rpartition("_")[0] or one) for one in (function, _with_underscores(name)))
    return SequenceMatcher(None, stem, other_stem).ratio() >= CLOSE_STEM


def _likeness(function: str, name: str) -> float:
    return SequenceMatcher(None, _squashed(function), _squashed(name)).ratio()


def _squashed(name: str) -> str:
    """`addBackward`, `AddBackward` and `add_backward` are one name."""
    return name.replace("_", "").lower()


def _with_underscores(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name).lstrip("_")
