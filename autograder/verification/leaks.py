"""Texts that give the solution away: hints before the last one, and files that students receive."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.checks.misconceptions.table import known_ids
from autograder.exams import Exam
from autograder.records import Assignment, Gap, Question
from autograder.verification.formulas import Formula, formulas_of

EARLY = ("headline", "reason", "hint1", "hint2")
"""What is said of a mistake before the last hint, which may show the formula."""

TEXTS = (".py", ".ipynb", ".md", ".toml", ".txt")


def leaks_of_words(exam: Exam, question: Question, solution: str) -> list[Gap]:
    """What is said before the last hint and holds a formula of the solution."""
    formulas = formulas_of(solution)
    gaps = []
    for id in sorted(known_ids(question.forward)):
        words = exam.catalogue.words_of_mistake(id, question.name) or {}
        for key in EARLY:
            formula = _first_in(formulas, words.get(key, ""))
            if formula:
                message = f"The {key} of {id} gives `{formula.text}` away."
                gaps.append(Gap(message, "Ask a question there, or name a place to look at."))
    return gaps


def leaks_of_handout(assignment: Assignment, solution: Path) -> list[Gap]:
    """The public files that hold a formula of the solution which is none of the forward functions'."""
    try:
        formulas = formulas_of(solution.read_text(encoding="utf-8"))
    except SyntaxError:
        return []  # told already, as a solution that does not earn its points
    given = _given(assignment)
    secret = [formula for formula in formulas if not formula.is_in(given)]
    gaps = []
    for file in sorted(assignment.folder.iterdir()):
        formula = _first_in(secret, _text_of(file)) if file.suffix in TEXTS and file.is_file() else None
        if formula:
            message = f"{file.name} holds `{formula.text}` of the solution ({solution.name}, line {formula.line})."
            gaps.append(Gap(message, "Take it out of what students receive."))
    return gaps


def _given(assignment: Assignment) -> str:
    """The forward functions, as the grader and as the handout has them: these are meant to be read."""
    handout = assignment.folder / f"{assignment.name}.py"
    statements = ast.parse(handout.read_text(encoding="utf-8")).body if handout.is_file() else []
    forwards = [one for one in statements if isinstance(one, ast.FunctionDef) and one.name in assignment.forwards]
    return "\n".join([assignment.modules["forward"].decode("utf-8", "replace"), *map(ast.unparse, forwards)])


def _first_in(formulas: Iterable[Formula], text: str) -> Formula | None:
    return next((formula for formula in formulas if formula.is_in(text)), None)


def _text_of(file: Path) -> str:
    """What a file says; of a notebook, what its cells say, outputs included."""
    text = file.read_text(encoding="utf-8", errors="replace")
    return "\n".join(_strings(json.loads(text))) if file.suffix == ".ipynb" else text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)
