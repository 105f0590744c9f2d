"""`grader similar PATH...`: whose code is alike."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from autograder.load.assignment import load_assignment
from autograder.load.exports import open_exports
from autograder.similarity.compare import LEAST, compare
from autograder.similarity.screen import screen_lines
from grader_cli.console import terminal_width, with_progress


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--assignment", "-a", default="backprop", show_default=True, help="Name or folder of the assignment.")
@click.option("--min", "least", default=LEAST, show_default=True, type=click.IntRange(1, 100), help="Percent.")
@click.option("--most", default=20, show_default=True, type=click.IntRange(min=1), help="Pairs to show.")
def similar(paths: tuple[Path, ...], assignment: str, least: int, most: int) -> None:
    """Show pairs of submissions among the PATHs whose code is alike, and where: a reason to look, never a verdict.

    Names, comments and the order of functions play no part; nor does what is in the handout, or what many have written.
    """
    loaded = load_assignment(assignment)
    with open_exports(paths) as export:
        found = compare(export, loaded, least, partial(with_progress, label="Reading", every=100))
    for line in screen_lines(found, least, most, terminal_width()):
        click.echo(line)
    click.echo("\nNext   read both with your own eyes; grader check FILE   for what a student sees")
