"""What a class is graded from: the options that say how an export is read, and the line that says how it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from autograder.gradebook import Export

Command = TypeVar("Command", bound=Callable[..., Any])


def layout_options(command: Command) -> Command:
    """Adds `layout`, `pattern` and `roster`, as `open_exports` takes them."""
    options = (
        click.option(
            "--layout", default="auto", show_default=True, metavar="ID", help="How the export is laid out, if not seen."
        ),
        click.option("--pattern", metavar="REGEX", help="Finds the student in each path: '(?P<user>[^/]+)/.+'."),
        click.option("--roster", type=click.Path(path_type=Path), metavar="CSV", help="Names, and who is missing."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def layout_line(export: Export) -> str:
    """`Layout      Canvas, 42 students, 44 files`: a wrong guess shows in the counts."""
    there = {student for handin in export.handins for student in handin.students}
    files = sum(handin.path is not None for handin in export.handins)
    late = sum(handin.is_late is True for handin in export.handins)
    empty = len(export.handins) - files
    absent = len(set(export.students) - there)
    told = [
        _count(len(there), "student"),
        _count(files, "file"),
        *([f"{late} late"] if late else []),
        *([f"{empty} without a file"] if empty else []),
        *([f"{absent} missing"] if absent else []),
    ]
    return f"Layout      {', '.join([export.layout, *told])}"


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
