"""`grader otter zip`: an autograder zip for otter-grader."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.exams import SEED
from autograder.load.assignment import load_assignment
from autograder.otter.bundle import make_otter_zip


@click.group()
def otter() -> None:
    """For courses that use otter-grader: its commands grade, and our scores and sentences come out."""


@otter.command("zip")
@click.argument("assignment", default="backprop")
@click.option("--out", "-o", type=click.Path(path_type=Path), help="File to write. Default: ASSIGNMENT-otter.zip.")
@click.option("--seed", "-s", default=SEED, show_default=True, type=click.IntRange(min=0), help="Draws the inputs.")
@click.option(
    "--wheel", type=click.Path(path_type=Path), help="Our wheel, to be installed from the zip and not from an index."
)
def make_zip(assignment: str, out: Path | None, seed: int, wheel: Path | None) -> None:
    """Make an autograder zip of ASSIGNMENT, which `otter run` grades with our scores."""
    loaded = load_assignment(assignment)
    target = out or Path(f"{loaded.name}-otter.zip")
    make_otter_zip(loaded, target, seed, wheel)
    click.echo(f"Made   {target}   {len(loaded.questions)} questions, {loaded.max_score} points, seed {seed}")
    click.echo(f"Next   otter run -a {target} submission.ipynb   where otter-grader and this grader are installed")
