"""`grader export DIR --to PLATFORM`: the grades of a class, in the form that a platform takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from autograder.errors import UsageError
from autograder.gradebook import Gradebook
from autograder.render.canvas import canvas_sheet, render_canvas_import
from autograder.render.feedback_line import feedback_line
from autograder.render.filling import Sheet, fill_scores
from autograder.render.filling_screen import LABEL, labelled, render_filling
from autograder.render.grades_csv import render_grades_csv
from autograder.render.moodle import NO_WORKSHEET, moodle_sheet
from autograder.render.nbgrader import render_nbgrader
from grader_cli.console import printable, terminal_width

WRITTEN: Mapping[str, Callable[[Gradebook], str]] = {"csv": render_grades_csv, "nbgrader": render_nbgrader}
"""Platforms for which a file is made."""

FILLED: Mapping[str, Callable[[bytes, str, Gradebook, str | None], Sheet]] = {
    "canvas": canvas_sheet,
    "moodle": moodle_sheet,
}
"""Platforms whose own file is filled in."""

OPTION = {"canvas": "--gradebook", "moodle": "--worksheet"}
NAMES = {"csv": "grades.csv"}

NEXT = {
    "csv": "open it in a spreadsheet: UTF-8, columns with commas",
    "nbgrader": "give it to what reads nbgrader's exports",
    "canvas": "in Canvas: Grades → Import",
    "moodle": "in Moodle: the assignment → View all submissions → Grading action → Upload grading worksheet",
}


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--to", "platform", required=True, type=click.Choice([*WRITTEN, *FILLED]), help="Who it is for.")
@click.option("--gradebook", type=click.Path(path_type=Path), metavar="FILE", help="Canvas: its exported gradebook.")
@click.option("--worksheet", type=click.Path(path_type=Path), metavar="FILE", help="Moodle: its grading worksheet.")
@click.option("--column", metavar="TEXT", help="The column for the scores, where it is not clear.")
@click.option("--out", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Default: DIR/PLATFORM.csv.")
@click.option("--overwrite", is_flag=True, help="Replace other scores that the platform's file has already.")
@click.option("--dry-run", is_flag=True, help="Write nothing; tell each cell that would change.")
def export(
    folder: Path,
    platform: str,
    gradebook: Path | None,
    worksheet: Path | None,
    column: str | None,
    out: Path | None,
    overwrite: bool,
    dry_run: bool,
) -> None:
    """Export the grades in DIR, which `grader grade --out DIR` made.

    Canvas and Moodle: download their own file, and give it here. Scores are filled in, and all else stays as it is.
    """
    from autograder.grades import read_gradebook

    given = {"canvas": gradebook, "moodle": worksheet}
    for other, file in given.items():
        if file is not None and other != platform:
            raise UsageError(f"{OPTION[other]} is a file of {other.title()}'s, and goes with --to {other}.")
    template = given.get(platform)
    if platform == "moodle" and template is None:
        raise UsageError(NO_WORKSHEET)
    if template is None and (overwrite or dry_run):
        raise UsageError("--overwrite and --dry-run are about a file that is filled in: --gradebook or --worksheet.")
    if column is not None and platform not in FILLED:
        raise UsageError("--column is about a file of Canvas or Moodle.")

    grades = read_gradebook(folder)
    target = out or folder / NAMES.get(platform, f"{platform}.csv")
    if template is None:
        text = WRITTEN[platform](grades) if platform in WRITTEN else render_canvas_import(grades, column)
        content = text.encode("utf-8")
    else:
        if target.exists() and template.exists() and target.samefile(template):
            raise UsageError(f"{template}: that is the file to fill in, and it stays as it is. Give another one to -o.")
        content = _filled(template, platform, grades, column, overwrite, dry_run)
    if dry_run:
        click.echo("\nNothing was written. Next   the same without --dry-run")
        return
    target.write_bytes(content)
    click.echo(f"{'Wrote':{LABEL}}{printable(str(target))}")
    click.echo("\n".join(labelled("Next", [NEXT[platform]], terminal_width())))


def _filled(
    template: Path, platform: str, grades: Gradebook, column: str | None, overwrite: bool, is_dry: bool
) -> bytes:
    try:
        content = template.read_bytes()
    except OSError as error:
        raise UsageError(f"{template}: {error.strerror}.") from error
    sheet = FILLED[platform](content, str(template), grades, column)
    filling = fill_scores(sheet, grades.grades, feedback_line, overwrite)
    click.echo(render_filling(filling, is_dry, terminal_width()))
    return filling.content
