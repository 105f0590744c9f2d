"""What the tests share: the exam of `backprop`, the galleries of submissions, and how much of them to look at."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from autograder.exams import Exam, make_exam, prepare
from autograder.load.assignment import load_assignment

ROOT = Path(__file__).resolve().parent.parent
SUBMISSIONS = ROOT / "tests" / "submissions" / "backprop"
SOLUTIONS = ROOT / "solutions" / "backprop"

collect_ignore = ["submissions"]

NOTEBOOK_TOOLS = ("otter", "jupyterlab", "nbconvert", "playwright")
"""What tests that are marked `notebook` may import, each in its functions."""

MUST_HAVE = "GRADER_NOTEBOOKS"
"""An environment variable: whoever sets it has installed these tools, and a test that lacks one of them fails."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proof", action="store_true", help="the full figures, too")
    parser.addoption("--sample", type=int, default=1, metavar="N", help="one in N examples of each test")


BUILDS_FIRST = ("test_gradescope_runs.py",)


def pytest_configure() -> None:
    """A shell starts what runs in the background deaf to Ctrl-C, and children inherit that; some tests press it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests go to whoever is free, but for modules that build something large first: each of them stays in one process.

    The mark `xdist_group` is for that; of pytest-xdist 3.8 it does nothing under pytest 9.2.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            module = nodeid.partition("::")[0]
            return module if module.endswith(BUILDS_FIRST) else nodeid

    return Scheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    proof, every = config.getoption("--proof"), config.getoption("--sample")
    seen: Counter[str] = Counter()
    chosen, left_out = [], []
    for item in items:
        test = item.nodeid.partition("[")[0]
        is_chosen = seen[test] % every == 0 and (proof or "proof" not in item.keywords)
        is_chosen = is_chosen and not (every > 1 and "once" in item.keywords)  # the same in every Python, and slow
        seen[test] += 1
        (chosen if is_chosen else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = chosen


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("notebook"):
        missing = [name for name in NOTEBOOK_TOOLS if find_spec(name) is None]
        if missing:
            end = pytest.fail if os.environ.get(MUST_HAVE) else pytest.skip
            end(f"{', '.join(missing)} not installed: pip install -e '.[dev,notebooks]'")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures that tests recorded, so that whoever quotes one has seen it come out."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    for name, value in sorted(figure for report in reports for figure in report.user_properties):
        terminalreporter.write_line(f"{name}: {value}")


def one_in(every: int, examples: Iterable[Any]) -> list[Any]:
    """The examples of a parametrized test, all but each `every`-th for `make proof` only."""
    marks = {number: [pytest.mark.proof] if number % every else [] for number in range(every)}
    return [pytest.param(example, marks=marks[number % every]) for number, example in enumerate(examples)]


@pytest.fixture(scope="session")
def exam() -> Exam:
    return prepare(str(ROOT / "assignments" / "backprop"))


def exam_of_functions(seed: int) -> Exam:
    """The exam of `backprop` without its training questions: there, a wrong function costs points by intention."""
    loaded = load_assignment(str(ROOT / "assignments" / "backprop"))
    return make_exam(replace(loaded, questions=tuple(one for one in loaded.questions if one.function)), seed)


def functions_of(file: Path) -> dict[str, Callable[..., Any]]:
    """The functions of one of our own example files. Trusted: they are part of this repository."""
    namespace: dict[str, Any] = {"__name__": "example"}
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), namespace)
    return {name: value for name, value in namespace.items() if callable(value)}
