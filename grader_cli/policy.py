"""The options for late work, several attempts and decisions about single students, as verbs that grade a class share.

What the command says goes before the assignment's table [policy].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from autograder.gradebook import Override, Policy, Student
from autograder.times import read_time

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class PolicyOptions:
    """What the command says; None for what it leaves to the assignment."""

    due: str | None = None
    grace_days: float | None = None
    percent_a_day: float | None = None
    most_percent: float | None = None
    counts: str | None = None
    overrides: Path | None = None


def policy_options(command: Command) -> Command:
    """A command with these options, which receives them as one keyword argument: `policy_options`, a PolicyOptions."""

    @wraps(command)
    def with_policy(*args: Any, **said: Any) -> Any:
        chosen = {name: said.pop(name) for name in PolicyOptions.__dataclass_fields__}
        return command(*args, policy_options=PolicyOptions(**chosen), **said)

    decorated: Any = with_policy
    for option in reversed(OPTIONS):
        decorated = option(decorated)
    result: Command = decorated
    return result


def merge_policy(said: PolicyOptions, policy: Policy) -> Policy:
    """The assignment's policy, but for what the command says."""
    told = {name: value for name, value in vars(said).items() if value is not None and name != "overrides"}
    return replace(policy, **told)


def read_overrides(said: PolicyOptions, students: Sequence[Student], max_score: int) -> tuple[Override, ...]:
    """The decisions of `--overrides`, each about one of the students. Raises UsageError or AssignmentError."""
    if said.overrides is None:
        return ()
    from autograder.load.overrides import load_overrides

    return load_overrides(said.overrides, students, max_score)


def _time(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    if text is not None and read_time(text) is None:
        raise click.BadParameter(f"{text} is no time with its offset, such as 2026-11-24T23:59+01:00.")
    return text


OPTIONS = (
    click.option("--due", metavar="TIME", callback=_time, help="Late after that: 2026-11-24T23:59+01:00."),
    click.option("--grace-days", type=click.FloatRange(0, 365), metavar="DAYS", help="Days late that cost nothing."),
    click.option(
        "--late-percent",
        "percent_a_day",
        type=click.FloatRange(0, 100),
        metavar="PERCENT",
        help="What each day begun costs, of the maximum.",
    ),
    click.option(
        "--late-cap",
        "most_percent",
        type=click.FloatRange(0, 100),
        metavar="PERCENT",
        help="The most that lateness costs.",
    ),
    click.option("--attempts", "counts", type=click.Choice(["latest", "best"]), help="Which attempt counts."),
    click.option(
        "--overrides",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        metavar="CSV",
        help="Decisions: student, score or points, reason.",
    ),
)
