"""`grader demo`: a sample class, graded, with its page."""

from __future__ import annotations

import shutil
import webbrowser
from pathlib import Path

import click

from autograder.errors import UsageError
from autograder.exams import SEED
from autograder.load.assignment import load_assignment
from autograder.release.sample_class import make_class, make_roster, solutions_folder
from autograder.sandbox.nest import Nest

MARK = ".grader-demo"
"""Lies in a folder that this command made, and may therefore fill again."""

SUBMISSIONS, ROSTER, GRADES = "submissions", "roster.csv", "grades"


@click.command()
@click.pass_obj
@click.option("--students", default=48, show_default=True, type=click.IntRange(1, 2000), help="Size of the class.")
@click.option("--out", default="demo-class", show_default=True, type=click.Path(path_type=Path), help="Folder for it.")
@click.option("--seed", "-s", default=SEED, show_default=True, type=click.IntRange(min=0), help="Draws the class.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Submissions at a time. Default: one a processor.")
@click.option("--open", "is_opened", is_flag=True, help="Show the page of the class in a browser.")
def demo(nest: Nest, students: int, out: Path, seed: int, jobs: int | None, is_opened: bool) -> None:
    """Make a sample class, grade it, and show what an instructor sees."""
    from autograder.grades.run import Course, Workers
    from autograder.load.exports import open_exports
    from grader_cli.class_folder import grade_into_folder
    from grader_cli.grade import leave

    assignment = load_assignment("backprop")
    files = make_class(assignment, solutions_folder(assignment), students, seed)
    try:
        _empty(out)
        (out / SUBMISSIONS).mkdir()
        for name, text in files.items():
            (out / SUBMISSIONS / name).write_text(text, encoding="utf-8")
        (out / ROSTER).write_text(make_roster(files), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out}: the sample class cannot be written there: {error.strerror}.") from error
    command = f"grader grade {out / SUBMISSIONS} --roster {out / ROSTER} --out {out / GRADES}"
    click.echo(f"A sample class is in {out}. This grades it:\n\n    {command}\n")
    with open_exports([out / SUBMISSIONS], roster=out / ROSTER) as export:
        course = Course(assignment, seed, export, assignment.policy)
        results = grade_into_folder(out / GRADES, course, Workers(jobs, nest, ()), False, False)
    page = out / GRADES / "report.html"
    click.echo(f"\nOpen  {page.resolve()}")
    some_file = out / SUBMISSIONS / sorted(files)[1 % len(files)]
    click.echo(f"Next  grader check {some_file}   for what a student sees")
    if is_opened:
        webbrowser.open(page.resolve().as_uri())
    leave(results, fail_under=None)


def _empty(folder: Path) -> None:
    """A folder of our own, without what an earlier demo left in it. Never touches anybody else's."""
    if folder.exists() and not (folder / MARK).exists():
        raise UsageError(f"{folder} exists and was not made by this command. Choose another folder with --out.")
    folder.mkdir(parents=True, exist_ok=True)
    for name in (SUBMISSIONS, GRADES):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / MARK).write_text("Made by `grader demo`, and made anew by it.\n")
