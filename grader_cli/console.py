"""What the verbs share on a terminal: width, colour, progress, and one report printed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator

import click

from autograder.records import Outcome, Report
from autograder.render.card import SIGNS, ScreenWords, render_report

COLOURS = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.STOPPED: "yellow", Outcome.ERROR: "magenta"}
SIGN_COLOURS = {SIGNS[outcome]: colour for outcome, colour in COLOURS.items()}
EVERY = 10
"""Away from a terminal, progress is one line for as many submissions."""


def terminal_width() -> int:
    return max(40, min(100, shutil.get_terminal_size((80, 24)).columns))


def is_coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def print_report(report: Report, words: ScreenWords, hints: int = 1) -> None:
    """The cards of one submission, with the status lines in colour."""
    for line in render_report(report, words, terminal_width(), hints).splitlines():
        colour = SIGN_COLOURS.get(line[:1])
        click.echo(click.style(line, fg=colour, bold=True) if colour and is_coloured() else line)


def with_progress(reports: Iterable[Report], total: int) -> Iterator[Report]:
    """The same reports, with a bar on stderr, or a line now and then where stderr is no terminal."""
    if sys.stderr.isatty():
        with click.progressbar(
            reports, length=total, label="Grading", file=sys.stderr, show_pos=True, width=24
        ) as shown:
            yield from shown
        return
    for number, report in enumerate(reports, start=1):
        if number % EVERY == 0 or number == total:
            click.echo(f"Grading  {number} of {total}", err=True)
        yield report
