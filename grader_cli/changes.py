"""Who has another score after a regrade, by how much, and why."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import click

from autograder.grades.regrade import Change
from grader_cli.console import printable


def print_changes(before: str, changes: Sequence[Change], width: int, is_coloured: bool) -> None:
    """A line for each change, and a last one with their number. `before` is where the older results are."""
    if not changes:
        click.echo(f"Nobody changes. The results of before are in {before}.\n")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    title = f"{len(changes)} submission{'' if len(changes) == 1 else 's'} changed; before: {before}"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False,
                  show_header=False, padding=(0, 2, 0, 0))  # fmt: skip
    table.add_column(overflow="fold", ratio=2)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold", ratio=3)
    for change in changes:
        names = ", ".join(printable(student.shown) for student in change.students) or change.name
        table.add_row(Text(names), f"{_score(change.before)} → {_score(change.now)}", _by(change), Text(_why(change)))
    file = StringIO()
    console = Console(file=file, width=width, force_terminal=is_coloured, no_color=not is_coloured, highlight=False)
    console.print(table)
    click.echo("\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n")


def _score(score: int | None) -> str:
    return "–" if score is None else str(score)


def _by(change: Change) -> str:
    return "" if change.before is None or change.now is None else f"{change.now - change.before:+d}"


def _why(change: Change) -> str:
    """`multiply 6 → 12 · version 1.0 → 1.1`"""
    questions = ", ".join(f"{name} {was} → {now}" for name, was, now in change.questions)
    return " · ".join(filter(None, [questions, *change.reasons]))
