"""`grader verify ASSIGNMENT`: the assignment graded, before it is released."""

from __future__ import annotations

from collections.abc import Iterator

import click

from autograder.exams import SEED
from autograder.load.assignment import load_assignment
from autograder.records import QuestionProof
from autograder.render.proof import render_verification
from autograder.sandbox.client import Sandbox
from autograder.sandbox.nest import Nest
from autograder.verification.verify import verify as verify_assignment
from grader_cli.console import is_coloured, terminal_width, with_progress


@click.command()
@click.pass_obj
@click.argument("assignment")
@click.option("--seed", "-s", default=SEED, show_default=True, type=click.IntRange(min=0), help="Draws the inputs.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Questions at a time. Default: one a processor.")
def verify(nest: Nest, assignment: str, seed: int, jobs: int | None) -> None:
    """Prove ASSIGNMENT, a name or a folder: is every wrong answer caught and named?

    The solution must earn everything, the handout nothing; each wrong example, each known mistake and each mutant of
    the solution must lose points; no hint and no file of students may hold a formula of the solution. Exit code 1
    while something is missing.
    """
    loaded = load_assignment(assignment)
    with Sandbox(loaded, nest) as sandbox:
        done = verify_assignment(loaded, seed, sandbox, jobs, _with_progress)
    click.echo(f"Assignment  {done.assignment} {done.version} · seed {done.seed}\n")
    click.echo(render_verification(done, terminal_width(), is_coloured()))
    if done.all_gaps:
        count = len(done.all_gaps)
        click.echo(
            f"{count} gap{'s' if count > 1 else ''}. Next   close the first one, then grader verify {assignment}"
        )
        raise click.exceptions.Exit(1)
    click.echo(f"Everything is caught. Next   grader grade FOLDER -a {assignment}")


def _with_progress(proofs: Iterator[QuestionProof], total: int) -> Iterator[QuestionProof]:
    return with_progress(proofs, total, label="Verifying", every=1)
