"""`grader check FILE`: the student's side."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.batch import grade_in, open_sandboxes
from autograder.grading import SEED, make_exam, with_one_question
from autograder.load.assignment import load_assignment
from autograder.load.layouts import find_submissions
from autograder.records import Outcome, ReportOutcome
from autograder.sandbox.nest import Nest
from grader_cli.console import print_report


@click.command()
@click.pass_obj
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--question", "-q", help="Check this question only, such as multiply.")
@click.option("--assignment", "-a", default="backprop", show_default=True, help="Name or folder of the assignment.")
@click.option("--seed", "-s", default=SEED, show_default=True, type=click.IntRange(min=0), help="Draws the inputs.")
def check(nest: Nest, file: Path, question: str | None, assignment: str, seed: int) -> None:
    """Check your FILE (.ipynb or .py). Exit code 1 while something is not right yet."""
    if file.is_dir():
        raise click.UsageError(f"{file} is a folder. Check one file, or use `grader grade {file}`.")
    loaded = load_assignment(assignment)
    asked = with_one_question(loaded, question) if question else loaded
    found = find_submissions([file])
    with open_sandboxes(asked, nest=nest) as sandboxes:
        (report,) = grade_in(make_exam(asked, seed), found, sandboxes)
    print_report(report)
    if report.outcome is ReportOutcome.ERROR:
        raise click.exceptions.Exit(3)
    not_yet = [one.name for one in report.questions if one.outcome is not Outcome.PASSED]
    if not_yet:
        click.echo(f"\nNext   {not_yet[0]}, then grader check {file} -q {not_yet[0]}")
    if not_yet or report.outcome is not ReportOutcome.GRADED:
        raise click.exceptions.Exit(1)
    click.echo("\nEverything is right. Hand it in.")
