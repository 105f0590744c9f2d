"""`grader demo`: a sample class, graded."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.batch import grade_class
from autograder.errors import UsageError
from autograder.exams import SEED
from autograder.load.assignment import load_assignment
from autograder.load.layouts import find_submissions
from autograder.release.sample_class import make_class, solutions_folder
from autograder.sandbox.nest import Nest
from grader_cli.console import with_progress
from grader_cli.grade import leave, print_class

MARK = ".grader-demo"
"""Lies in a folder that this command made, and may therefore fill again."""


@click.command()
@click.pass_obj
@click.option("--students", default=48, show_default=True, type=click.IntRange(1, 2000), help="Size of the class.")
@click.option("--out", default="demo-class", show_default=True, type=click.Path(path_type=Path), help="Folder for it.")
@click.option("--seed", "-s", default=SEED, show_default=True, type=click.IntRange(min=0), help="Draws the class.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Submissions at a time. Default: one a processor.")
def demo(nest: Nest, students: int, out: Path, seed: int, jobs: int | None) -> None:
    """Make a sample class, grade it, and show what an instructor sees."""
    assignment = load_assignment("backprop")
    files = make_class(assignment, solutions_folder(assignment), students, seed)
    try:
        _empty(out)
        for name, text in files.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out}: the sample class cannot be written there: {error.strerror}.") from error
    results = grade_class(assignment, seed, find_submissions([out]), jobs, nest, (), with_progress)
    print_class(results)
    some_file = out / sorted(files)[1 % len(files)]
    click.echo(f"Next   grader check {some_file}   ·   grader grade {out} --json")
    leave(results, fail_under=None)


def _empty(folder: Path) -> None:
    """A folder of our own, without what an earlier demo left in it. Never touches anybody else's."""
    if folder.exists() and not (folder / MARK).exists():
        raise UsageError(f"{folder} exists and was not made by this command. Choose another folder with --out.")
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.suffix in (".py", ".ipynb"):
            path.unlink()
    (folder / MARK).write_text("Made by `grader demo`, and made anew by it.\n")
