"""What the test files of otter import: the families of a question as test cases, which look at the student's function.

One check of the question answers for all of its cases, so that five families cost no more than one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from otter.test_files import test_case

from autograder.load.assignment import load_assignment
from autograder.notebook import Notebook
from autograder.otter.card_text import card_text, family_text
from autograder.records import CheckResult, Outcome, Report
from autograder.render.card import first_problem
from autograder.render.feedback import load_otter_words, load_screen_words

Namespace = dict[str, Any]


def cases(assignment: str, question: str, hidden: bool = False, **points: int | list[int]) -> tuple[test_case, ...]:
    """A test case for each family, worth its points; or several, where a list says what each of them is worth.

    A case looks at the functions of the environment that otter gives it. It raises AssertionError with our sentences
    where its family, or its part of it, did not earn its points; and nothing else, whatever a student's code does.
    """
    latest = _Latest(assignment, question)
    made = []
    for family, worth in points.items():
        parts = worth if isinstance(worth, list) else [worth]
        for number, part in enumerate(parts, start=1):
            name = f"{question} - {family}" + (f" {number}" if len(parts) > 1 else "")
            needed = sum(parts[:number])
            look = _Look(latest, family, before=needed - part, needed=needed)
            made.append(test_case(name=name, points=part, hidden=hidden)(look.body()))
    return tuple(made)


class _Latest:
    """The latest check of a question, and which cases have read it: a case that asks again wants a new one."""

    def __init__(self, assignment: str, question: str) -> None:
        self.assignment = assignment
        self.question = question
        self._env: Namespace = {}
        self._report: Report | None = None
        self._read_by: set[object] = set()

    def report(self, env: Namespace, case: object) -> Report:
        if self._report is None or env is not self._env or case in self._read_by:
            self._env, self._report, self._read_by = env, None, set()
            self._report = notebook_of(self.assignment, env).report([self.question])
        self._read_by.add(case)
        return self._report


_NOTEBOOKS: dict[str, tuple[Namespace, Notebook]] = {}
"""The latest notebook of each assignment. It keeps what was drawn, so that a second check is quick."""


def notebook_of(assignment: str, env: Namespace) -> Notebook:
    """The grader beside the functions of an environment. The same one for the same environment."""
    known, notebook = _NOTEBOOKS.get(assignment, (None, None))
    if notebook is None or known is not env:
        notebook = Notebook(assignment, namespace=env)
        _NOTEBOOKS[assignment] = (env, notebook)
    return notebook


class _Look:
    """One case: whether a family earned what it needs, of which earlier cases look at the first `before` points."""

    def __init__(self, latest: _Latest, family: str, before: int, needed: int) -> None:
        self.latest = latest
        self.family = family
        self.before = before
        self.needed = needed

    def body(self) -> Callable[[Namespace], None]:
        """The function that otter calls. It gives the student's globals to what is called `env`."""

        def look(env: Namespace) -> None:
            problem = self.problem(env)
            if problem:
                raise AssertionError(problem)

        return look

    def problem(self, env: Namespace) -> str:
        """What is to be said where the points were not earned, else ""."""
        try:
            return self._said_of(self.latest.report(env, self))
        except (Exception, SystemExit) as error:  # ours: a notebook's grader lets through nothing that is a student's
            return load_otter_words("en")["broken"].format(text=f"{type(error).__name__}: {error}")

    def _said_of(self, report: Report) -> str:
        (question,) = report.questions
        check = next(check for check in question.checks if check.name == self.family)
        if check.outcome is Outcome.PASSED or check.score >= self.needed:
            return ""
        language = load_assignment(self.latest.assignment).language
        words, same = load_screen_words(language), load_otter_words(language)["same"]
        first = first_problem(question)
        if check.score < self.before:
            return same.format(family=self.family)
        if first is check:
            return card_text(report, words)
        if first is not None and _is_same(first, check):
            return same.format(family=first.name)
        return family_text(question, check, words)


def _is_same(first: CheckResult, check: CheckResult) -> bool:
    """Whether nothing new would be said: the same sentence, or an exception in the same line."""
    at, here = ((one.fault, one.facts.get("where"), one.facts.get("line")) for one in (first, check))
    return first.message == check.message or (at == here and here[-1] is not None)
