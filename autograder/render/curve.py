"""The loss along a training run as one line of text: its first and last value, and blocks between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograder.records import Facts

BLOCKS = "▁▂▃▄▅▆▇█"

WIDEST = 30
"""Blocks of a line: it stands beside another one, and in narrow terminals."""


def curve_lines(facts: Facts, yours: str, expected: str) -> list[str]:
    """`yours      1.23 ▇▅▃▂▁ 0.02`, and below it the run as it should go where it went otherwise; nothing without a
    curve. Both lines have one scale."""
    curves = [(yours, _numbers(facts.get("curve", [])))]
    if "step" in facts or not curves[0][1]:
        curves.append((expected, _numbers(facts.get("expected_curve", []))))
    shown = [(label, losses) for label, losses in curves if losses]
    finite = [loss for _, losses in shown for loss in losses if math.isfinite(loss)]
    low, top = min(finite, default=0.0), max(finite, default=0.0)
    room = max((len(label) for label, _ in shown), default=0)
    return [f"{label:{room}}  {_line(losses, low, top)}" for label, losses in shown]


def _numbers(losses: Sequence[Any]) -> list[float]:
    return [float(loss) for loss in losses]


def _line(losses: Sequence[float], low: float, top: float) -> str:
    every = -(-len(losses) // WIDEST)
    blocks = "".join(_block(loss, low, top) for loss in losses[::every])
    return f"{losses[0]:.3g} {blocks} {losses[-1]:.3g}"


def _block(loss: float, low: float, top: float) -> str:
    if not math.isfinite(loss):
        return "?"
    return BLOCKS[min(len(BLOCKS) - 1, int(len(BLOCKS) * (loss - low) / (top - low)))] if top > low else BLOCKS[0]
