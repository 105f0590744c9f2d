"""`grader grade PATH...`: files and plain folders of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import click

from autograder.batch import grade_class
from autograder.errors import UsageError
from autograder.exams import SEED
from autograder.gradebook import Export
from autograder.load.archives import KINDS
from autograder.load.assignment import load_assignment
from autograder.load.layouts import Found, find_submissions
from autograder.records import ReportOutcome, Results, to_json
from autograder.render.feedback import load_screen_words
from autograder.sandbox.isolation import PROMISES
from autograder.sandbox.nest import Nest
from grader_cli.console import by_state, is_coloured, print_report, printable, terminal_width, with_progress
from grader_cli.layouts import layout_line, layout_options
from grader_cli.policy import PolicyOptions, merge_policy, policy_options, read_overrides

TARGETS: Mapping[str, str] = {
    "Canvas": "canvas --gradebook FILE",
    "Moodle": "moodle --worksheet FILE",
    "nbgrader": "nbgrader",
}
"""How grades get back to where a class came from, by the name of its layout."""


def walls_of(_context: click.Context, _option: click.Parameter, text: str | None) -> tuple[str, ...]:
    """`files,net` -> the names of walls."""
    names = tuple(name.strip() for name in (text or "").split(",") if name.strip())
    for name in names:
        if name not in PROMISES:
            raise click.BadParameter(f"there is no wall {name}. They are {', '.join(PROMISES)}.")
    return names


@click.command()
@click.pass_obj
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--assignment", "-a", default="backprop", show_default=True, help="Name or folder of the assignment.")
@click.option("--seed", "-s", default=SEED, show_default=True, type=click.IntRange(min=0), help="Draws the inputs.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Submissions at a time. Default: one a processor.")
@click.option(
    "--require",
    callback=walls_of,
    metavar="WALLS",
    help="Refuse to grade unless these walls stand: files,net,proc,mem.",
)
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Keep all in this folder: results, grades, pages.")
@click.option("--resume", is_flag=True, help="With --out: grade what is new, or was not finished.")
@click.option("--regrade", is_flag=True, help="With --out: grade all anew, keep the old results, tell who changes.")
@layout_options
@policy_options
@click.option("--fail-under", type=click.FloatRange(0, 100), help="Exit 1 if any score is below this percentage.")
@click.option("--json", "as_json", is_flag=True, help="One document on stdout (grader/results/v1), nothing else.")
def grade(
    nest: Nest,
    paths: tuple[Path, ...],
    assignment: str,
    seed: int,
    jobs: int | None,
    require: Collection[str],
    out: Path | None,
    resume: bool,
    regrade: bool,
    layout: str,
    pattern: str | None,
    roster: Path | None,
    policy_options: PolicyOptions,
    fail_under: float | None,
    as_json: bool,
) -> None:
    """Grade each PATH: a notebook (.ipynb), a script (.py), or a folder of them.

    With --out, a PATH may be what a learning platform gave for download, and a whole class is kept in a folder.
    """
    if out is not None and as_json:
        raise UsageError(f"--json is for one run. With --out, {out / 'results.jsonl'} says it all, line by line.")
    if out is None and (resume or regrade or policy_options != PolicyOptions()):
        raise UsageError(
            "--resume, --regrade and what is said of late work and attempts go with --out: they are about a folder of "
            "grades."
        )
    is_plain = (layout, pattern, roster) == ("auto", None, None) and not any(map(is_packed, paths))
    if out is None and is_plain:
        found = find_submissions(paths)
        results = grade_files(nest, found, assignment, seed, jobs, require, as_json)
        if not as_json:
            click.echo(next_line(results, found, paths[0]))
        leave(results, fail_under)
        return
    from autograder.load.exports import open_exports

    with open_exports(paths, layout, pattern, roster) as export:
        if out is None:
            results = grade_files(nest, with_files(export), assignment, seed, jobs, require, as_json)
            if not as_json:
                click.echo(f"\nNext   grader grade {paths[0]} --out grades/   to keep results, grades and pages")
            leave(results, fail_under)
            return
        from autograder.grades.run import Course, Workers
        from grader_cli.class_folder import grade_into_folder

        loaded = load_assignment(assignment)
        overrides = read_overrides(policy_options, export.students, loaded.max_score)
        course = Course(loaded, seed, export, merge_policy(policy_options, loaded.policy), overrides)
        results = grade_into_folder(out, course, Workers(jobs, nest, require), resume, regrade)
        target = next((target for name, target in TARGETS.items() if export.layout.startswith(name)), None)
        back = f"   ·   grader export {out} --to {target}" if target else ""
        click.echo(f"Next   grader report {out} --open{back}")
        leave(results, fail_under)


def is_packed(path: Path) -> bool:
    """Whether it may be a whole class in one file. Looked at here, because most that is graded alone is not."""
    return path.is_file() and path.suffix not in KINDS


def with_files(export: Export) -> list[Found]:
    """What there is to grade; the others are told of on stderr, and so is what the export is taken for."""
    click.echo(layout_line(export), err=True)
    for handin in export.handins:
        if handin.path is None:
            click.echo(f"Nothing to grade: {handin.name}", err=True)
    found = [Found(handin.name, handin.path) for handin in export.handins if handin.path is not None]
    if not found:
        raise UsageError(f"{printable(export.source)}: nobody handed in a file that can be graded.")
    return found


def grade_files(
    nest: Nest,
    found: list[Found],
    assignment: str,
    seed: int,
    jobs: int | None,
    require: Collection[str],
    as_json: bool,
) -> Results:
    """Grade for the screen, or for another program, and keep nothing."""
    loaded = load_assignment(assignment)
    results = grade_class(loaded, seed, found, jobs, nest, require, with_progress)
    if as_json:
        click.echo(json.dumps(to_json(results), ensure_ascii=False, indent=1))
    elif len(results.reports) == 1:
        print_report(results.reports[0], load_screen_words(loaded.language))
    else:
        print_class(results)
    return results


def next_line(results: Results, found: Sequence[Found], given: Path) -> str:
    """The next useful command: about the one file, or about the one with the lowest score."""
    if len(results.reports) == 1:
        return f"\nNext   grader grade {given} --json   for all checks and their facts"
    worst = min(results.reports, key=lambda report: (report.score is not None, report.score))
    path = next(one.path for one in found if one.name == worst.submission)
    return f"Next   grader check {path}   for what that student sees"


def print_class(results: Results) -> None:
    from autograder.render.terminal import render_class

    click.echo(f"Assignment  {results.assignment} {results.version} · seed {results.seed}")
    click.echo(f"Isolation   {by_state(results.layers)}")
    click.echo(f"Graded      {len(results.reports)} submissions in {results.seconds:.1f} s\n")
    click.echo(render_class(results, terminal_width(), is_coloured()))


def leave(results: Results, fail_under: float | None) -> None:
    """The exit code: 3 for a fault of ours, 1 for a score below the wanted percentage, else 0."""
    if any(report.outcome is ReportOutcome.ERROR for report in results.reports):
        raise click.exceptions.Exit(3)
    if fail_under is not None:
        if any(100 * (report.score or 0) < fail_under * report.max_score for report in results.reports):
            raise click.exceptions.Exit(1)
