"""`grader check FILE`: the student's side."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.batch import grade_in, open_sandboxes
from autograder.grading import SEED, make_exam, with_one_question
from autograder.load.assignment import load_assignment
from autograder.load.layouts import find_submissions
from autograder.records import Report, ReportOutcome
from autograder.render.strip import is_finished, not_right
from autograder.sandbox.nest import Nest
from grader_cli.console import FINISHED, print_report


@click.command()
@click.pass_obj
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--question", "-q", help="Check this question only, such as multiply.")
@click.option("--assignment", "-a", default="backprop", show_default=True, help="Name or folder of the assignment.")
@click.option("--seed", "-s", default=SEED, show_default=True, type=click.IntRange(min=0), help="Draws the inputs.")
@click.option("--watch", is_flag=True, help="Check again whenever you save, until everything is right.")
def check(nest: Nest, file: Path, question: str | None, assignment: str, seed: int, watch: bool) -> None:
    """Check your FILE (.ipynb or .py). Exit code 1 while something is not right yet."""
    if file.is_dir():
        raise click.UsageError(f"{file} is a folder. Check one file, or use `grader grade {file}`.")
    loaded = load_assignment(assignment)
    asked = with_one_question(loaded, question) if question else loaded
    found = find_submissions([file])
    with open_sandboxes(asked, nest=nest) as sandboxes:
        exam = make_exam(asked, seed)

        def grade_now() -> Report:
            (report,) = grade_in(exam, found, sandboxes)
            return report

        if watch:
            from grader_cli.watch import watch_file  # brings rich, which a single check does without

            raise click.exceptions.Exit(0 if watch_file(found[0], grade_now, nest) else 1)
        report = grade_now()
    print_report(report)
    if report.outcome is ReportOutcome.ERROR:
        raise click.exceptions.Exit(3)
    if is_finished(report):
        click.echo(f"\n{FINISHED}")
        return
    if report.questions:
        first = not_right(report)[0].name
        click.echo(f"\nNext   {first}, then grader check {file} -q {first}")
    raise click.exceptions.Exit(1)
