"""A question as a test file of otter: two lines that hold no check, only what is asked and what it is worth."""

from __future__ import annotations

import json
import re

from autograder.records import BONUS, Assignment, Question
from autograder.scoring import SHARES


def otter_test_file(assignment: Assignment, question: Question) -> str:
    """The text of `tests/<question>.py`, in otter's exception-based format: one test case for each family.

    A test case of otter passes or fails. So a family that earns a share of its points has one case for each point, and
    the sum of the cases is our score. A bonus has none: otter knows no points beyond the maximum.
    """
    worth = {family: points for family, points in question.points.items() if family != BONUS}
    cases = [case for family, points in worth.items() for case in _case_names(question, family, points)]
    given = [json.dumps(assignment.name), json.dumps(question.name)]
    given += [f"{family}={[1] * points if family in SHARES else points}" for family, points in worth.items()]
    given += ["hidden=True"] if question.visibility != "visible" else []
    target = ", ".join(cases) if len(cases) > 1 else f"{cases[0]},"
    return (
        "from autograder.otter.cases import cases\n"
        f"OK_FORMAT, name, ({target}) = False, {json.dumps(question.name)}, cases({', '.join(given)})\n"
    )


def _case_names(question: Question, family: str, points: int) -> list[str]:
    """Names for the cases of a family, unlike those of any other: of two cases with one name, otter drops the first."""
    name = re.sub(r"\W", "_", f"{question.name}_{family}")
    name = name if name.isidentifier() else f"_{name}"
    return [f"{name}_{number}" for number in range(1, points + 1)] if family in SHARES else [name]
