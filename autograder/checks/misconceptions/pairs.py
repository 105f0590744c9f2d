"""Mistakes with two operands that are broadcast together: add and multiply."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.checks.misconceptions.output import Predict

ADD: Mapping[str, Predict] = {}
MULTIPLY: Mapping[str, Predict] = {}
