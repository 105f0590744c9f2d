"""What the verbs share on a terminal: width, colour, progress, and one report printed."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import click

from autograder.records import Outcome, Report
from autograder.render.card import SIGNS, ScreenWords, render_report

COLOURS = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.STOPPED: "yellow", Outcome.ERROR: "magenta"}
SIGN_COLOURS = {SIGNS[outcome]: colour for outcome, colour in COLOURS.items()}
Found = TypeVar("Found")

EVERY = 10
"""Away from a terminal, progress is one line for as many submissions."""

AROUND_THE_BAR = 52
"""Columns for what stands beside it: label, position, percent, remaining time, rate."""


def terminal_width() -> int:
    return max(40, min(100, shutil.get_terminal_size((80, 24)).columns))


def printable(text: str) -> str:
    """The text as it may be shown: a terminal would obey what is hidden in a name."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def by_state(walls: Mapping[str, str]) -> str:
    """`files, proc active · net weak`."""
    states = [state for state in ("active", "weak", "absent") if state in walls.values()]
    return " · ".join(f"{', '.join(wall for wall in walls if walls[wall] == state)} {state}" for state in states)


def is_coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def print_report(report: Report, words: ScreenWords, hints: int = 1) -> None:
    """The cards of one submission, with the status lines in colour."""
    for line in render_report(report, words, terminal_width(), hints).splitlines():
        colour = SIGN_COLOURS.get(line[:1])
        click.echo(click.style(line, fg=colour, bold=True) if colour and is_coloured() else line)


def with_progress(found: Iterable[Found], total: int, label: str = "Grading", every: int = EVERY) -> Iterator[Found]:
    """The same things, with a bar on stderr, or a line now and then where stderr is no terminal."""
    if sys.stderr.isatty():
        started, width = time.monotonic(), max(8, min(24, terminal_width() - AROUND_THE_BAR))
        count = 0

        def rate(_: object) -> str:
            return f"{count / (time.monotonic() - started):.1f} a second" if count else ""

        with click.progressbar(
            found, length=total, label=label, file=sys.stderr, show_pos=True, width=width, item_show_func=rate
        ) as shown:
            for one in shown:
                yield one
                count += 1
        return
    for number, one in enumerate(found, start=1):
        if number % every == 0 or number == total:
            click.echo(f"{label}  {number} of {total}", err=True)
        yield one
