"""The table of known mistakes: for each forward function, the id of a mistake and what it returns.

Most rows transform the right gradient; a few are wrong formulas. A name is given only when a row predicts a student's
numbers, so a row says exactly what comes back.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograder.checks.misconceptions import (
    behaviour,
    common,
    descent,
    differences,
    matmul,
    pairs,
    sigmoid,
    softmax,
    structure,
    unbroadcast,
)
from autograder.checks.misconceptions.output import Predict

OF: Mapping[str, Mapping[str, Predict]] = {
    "broadcast": unbroadcast.ROWS,
    "add": pairs.ADD,
    "multiply": pairs.MULTIPLY,
    "sigmoid": sigmoid.ROWS,
    "matmul": matmul.ROWS,
    "softmax_cross_entropy": softmax.ROWS,
    "descent": descent.ROWS,
    "": differences.ROWS,
}
"""The rows of each operation by the name of its forward function; of numeric gradients, which have none, under ""."""


def rows_of(forward: str) -> Mapping[str, Predict]:
    """The rows that are tried for a question, in order: those of its operation, then those of any operation."""
    return {**OF.get(forward, {}), **{id: row for id, row in common.ROWS.items() if id not in OF.get(forward, {})}}


def known_ids(forward: str) -> frozenset[str]:
    """All names that a wrong answer to a question can get."""
    rows = {id.partition("--")[0] for id in rows_of(forward)}
    return frozenset({*rows, *structure.HABITS, *structure.IN_ALL_CALLS, *behaviour.NAMES})
