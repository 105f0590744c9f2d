"""A forward function as the grader calls it: with one flat row of arrays, lists among its parameters or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.records import Array, Forward


def flat_forward(forward: Forward, lists: Sequence[int | None]) -> Forward:
    """`forward`, called with the arrays of all its parameters in a row. `lists` is as in an `AnswerKey`."""
    if all(size is None for size in lists):
        return forward

    def flat(*arrays: Array) -> Any:
        rest = list(arrays)
        parameters: list[Any] = []
        for size in lists:
            taken, rest = rest[: size or 1], rest[size or 1 :]
            parameters.append(taken[0] if size is None else taken)
        return forward(*parameters)

    return flat
