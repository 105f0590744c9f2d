"""`grader check FILE`: the student's side."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from autograder.batch import grade_in, grade_one, open_sandboxes
from autograder.exams import SEED, Exams, with_helpers
from autograder.load.assignment import load_assignment
from autograder.load.layouts import find_submissions
from autograder.records import Report, ReportOutcome
from autograder.render.card import ScreenWords, first_problem
from autograder.render.feedback import load_screen_words
from autograder.render.strip import is_finished, not_right
from autograder.sandbox.nest import Nest
from grader_cli.console import print_report


@click.command()
@click.pass_obj
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--question", "-q", help="Check this question only, such as multiply.")
@click.option("--assignment", "-a", default="backprop", show_default=True, help="Name or folder of the assignment.")
@click.option("--seed", "-s", default=SEED, show_default=True, type=click.IntRange(min=0), help="Draws the inputs.")
@click.option("--hints", default=1, show_default=True, type=click.IntRange(1, 3), help="How many hints to show.")
@click.option("--watch", is_flag=True, help="Check again whenever you save, until everything is right.")
def check(nest: Nest, file: Path, question: str | None, assignment: str, seed: int, hints: int, watch: bool) -> None:
    """Check your FILE (.ipynb or .py). Exit code 1 while something is not right yet."""
    if file.is_dir():
        raise click.UsageError(f"{file} is a folder. Check one file, or use `grader grade {file}`.")
    loaded = load_assignment(assignment)
    asked = with_helpers(loaded, question) if question else loaded
    found = find_submissions([file])
    with open_sandboxes(asked, nest=nest) as sandboxes:
        exams = Exams(asked, seed, question or "")
        words = load_screen_words(asked.language)

        def grade_now() -> Report:
            (report,) = grade_in(exams, found, sandboxes)
            return report

        if watch:
            from grader_cli.watch import watch_file  # brings rich, which a single check does without

            raise click.exceptions.Exit(0 if watch_file(found[0], grade_now, nest, words, hints) else 1)
        report = grade_one(exams, found[0], sandboxes[0], before=lambda: None)
    print_report(report, words, hints)
    if report.outcome is ReportOutcome.ERROR:
        raise click.exceptions.Exit(3)
    if is_finished(report):
        click.echo(f"\n{words.finished}")
        return
    if report.questions:
        click.echo("\n" + "\n".join(_what_next(report, words, f"{file}{_chosen('assignment', 'seed')}", hints)))
    raise click.exceptions.Exit(1)


def _chosen(*options: str) -> str:
    """The options that were given on the command line, to be given again."""
    ctx = click.get_current_context()
    given = [name for name in options if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    return "".join(f" --{name} {ctx.params[name]}" for name in given)


def _what_next(report: Report, words: ScreenWords, checked: str, hints: int) -> list[str]:
    """The question to look at, the command that checks it alone, and how to see one more hint, if there is one."""
    question = not_right(report)[0]
    command = f"grader check {checked} -q {question.name}"
    problem = first_problem(question)
    has_more = problem is not None and len(problem.more_hints) >= hints
    further = [words.second_hint if hints == 1 else words.last_hint] if has_more else []
    label = f"{words.next}   "
    return [
        label + words.go_on.format(question=question.name, command=command),
        *(" " * len(label) + s for s in further),
    ]
