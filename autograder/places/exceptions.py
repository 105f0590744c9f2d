"""An exception of a student's code → facts: what it says, where, the expression that raised it, and why it is one."""

from __future__ import annotations

import contextlib
import re
from types import TracebackType
from typing import Any

from autograder.places.expressions import Expression, Names, failing_expression, shapes_in_words
from autograder.places.lines import LONGEST_TEXT, last_student_step, line_facts
from autograder.places.reasons import Scene, reason_of, wrong_call

_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}")


def exception_facts(error: BaseException, function: object, given: int) -> dict[str, Any]:
    """Name and text of what `function` raised when it was given so many arguments; and as far as they can be told, the
    student's own line, the expression in it with its shapes, and the reason with its facts. Never raises."""
    facts = {"exception": type(error).__name__[:LONGEST_TEXT], "text": exception_text(error)}
    # The code, its names and its objects are the student's; whatever they do to those who look, the answer is told.
    with contextlib.suppress(BaseException):
        step = last_student_step(error.__traceback__, getattr(function, "__globals__", None))
        if step is None:
            return facts | (wrong_call(facts["text"], function, given) if isinstance(error, TypeError) else {})
        facts |= line_facts(step.tb_frame, step.tb_lineno)
        expression, names = _expression(step), Names(step.tb_frame)
        facts |= _expression_facts(expression, names)
        facts |= reason_of(facts["exception"], facts["text"], Scene(expression, names))
    return facts


def _expression(step: TracebackType) -> Expression | None:
    try:
        return failing_expression(step)
    except Exception:  # a part of a line need not be Python by itself
        return None


def _expression_facts(expression: Expression | None, names: Names) -> dict[str, Any]:
    if expression is None:
        return {}
    columns = {"start": expression.start, "stop": expression.stop}
    return {"expression": expression.text, **columns, "shapes": shapes_in_words(expression, names)}


def exception_text(error: BaseException) -> str:
    """What the exception says, on one line, not too long, and without addresses, which change from run to run."""
    try:
        return _ADDRESS.sub("0x…", " ".join(str(error)[: 2 * LONGEST_TEXT].split()))[:LONGEST_TEXT]
    except BaseException:  # `__str__` is the student's too
        return ""
