"""What a numeric gradient is for: to tell the right gradient from wrong ones.

Whoever checks a backward function compares it with a numeric gradient, and accepts it when the two agree. So a numeric
gradient is judged by its verdicts: it must agree with the right gradient, and with none of the wrong ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from weakref import WeakKeyDictionary

import numpy as np

from autograder.checks.reference import NUMERIC_LIMIT, Output, Reference
from autograder.errors import AssignmentError
from autograder.records import VERDICTS, Array, Assignment, Deck

CLEARLY_WRONG = 0.1
"""Scaled error from which a gradient is wrong beyond doubt; the others are not asked about."""

FEWEST = 20
"""Wrong gradients that a deck must hold: with fewer, a share of them says little."""

MISTAKES: Mapping[str, Callable[[Array], Array]] = {
    "negated": lambda grad: -grad,
    "doubled": lambda grad: 2.0 * grad,
    "halved": lambda grad: grad / 2.0,
    "squared": lambda grad: grad * grad,
    "absolute": np.abs,
    "forgotten": np.zeros_like,
    "ones": np.ones_like,
    "the mean for all": lambda grad: np.full_like(grad, grad.mean()),
    "the sum for all": lambda grad: np.full_like(grad, grad.sum()),
    "reversed": lambda grad: grad.reshape(-1)[::-1].reshape(grad.shape),
    "shifted by one entry": lambda grad: np.roll(grad, 1),
    "transposed": lambda grad: grad.T if grad.shape == grad.T.shape else grad,
    "last entry forgotten": lambda grad: _with_entry(grad, -1, 0.0),
    "first entry negated": lambda grad: _with_entry(grad, 0, -grad.flat[0]) if grad.size else grad,
    "averaged over its entries": lambda grad: grad / grad.size,
    "every entry above 1 clipped": lambda grad: np.clip(grad, -1.0, 1.0),
}
"""What a mistaken backward function would return in place of `grad`. Those that change little are left out."""


def wrong_gradients(reference: Reference, output: Output) -> dict[str, Array]:
    """The mistakes that show in this output: at least CLEARLY_WRONG of its scale away from the right gradient."""
    known = _WRONG.setdefault(reference, {})
    if output.start not in known:
        known[output.start] = _wrong_gradients(reference, output)
    return known[output.start]


_WRONG: WeakKeyDictionary[Reference, dict[int, dict[str, Array]]] = WeakKeyDictionary()
"""Of the outputs of a reference, by their starts, for as long as there is the reference."""


def _wrong_gradients(reference: Reference, output: Output) -> dict[str, Array]:
    place = slice(output.start, output.stop)
    expected, scale = reference.expected[place], reference.scale[reference.outputs.index(output)]
    wrong = {name: mistake(expected.reshape(output.shape)).reshape(-1) for name, mistake in MISTAKES.items()}
    return {name: grad for name, grad in wrong.items() if np.max(np.abs(grad - expected)) >= CLEARLY_WRONG * scale}


def count_told_apart(reference: Reference, output: Output, got: Array) -> int:
    """From how many of the wrong gradients `got`, the student's numeric gradient, tells the right one."""
    place = slice(output.start, output.stop)
    limit = NUMERIC_LIMIT * reference.scale[reference.outputs.index(output)]

    gradients = np.stack([reference.expected[place], *wrong_gradients(reference, output).values()])
    with np.errstate(all="ignore"):
        agrees_with_right, *agrees = np.abs(got - gradients).max(axis=1, initial=0.0) <= limit
    return sum(not one for one in agrees) if agrees_with_right else 0


def prove_verdicts(assignment: Assignment, deck: Deck, reference: Reference) -> None:
    """Raise AssignmentError unless each numeric gradient is seen whole, and asked about enough wrong ones."""
    for question in assignment.questions:
        if VERDICTS not in question.points:
            continue
        outputs = [one for one in reference.outputs if deck.cases[one.case].question == question.name]
        file, key = str(assignment.folder / "assignment.toml"), f'question "{question.name}".cases.{VERDICTS}'
        for output in outputs:
            if output.entries is not None:
                raise AssignmentError(file, key, wanted="x of at most 100 entries", got=f"x {output.shape}")
        count = sum(len(wrong_gradients(reference, output)) for output in outputs)
        if count < FEWEST:
            wanted = f"cases with at least {FEWEST} wrong gradients between them; four or five cases have them"
            raise AssignmentError(file, key, wanted=wanted, got=f"{count}")


def _with_entry(grad: Array, place: int, value: float) -> Array:
    changed: Array = grad.copy()
    changed.flat[place] = value
    return changed
