"""`grader report DIR|EXPORT.zip`: the page of a class, made anew, or without names."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from autograder.errors import UsageError
from autograder.gradebook import Gradebook
from autograder.render.feedback import Catalogue


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--assignment", "-a", default="backprop", show_default=True, help="Of a Gradescope export: what it is.")
@click.option("--anonymous", is_flag=True, help="Numbers in the place of names, to show the page in class.")
@click.option("--out", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Default: DIR/report.html.")
@click.option("--open", "is_opened", is_flag=True, help="Open the page in a browser.")
def report(path: Path, assignment: str, anonymous: bool, out: Path | None, is_opened: bool) -> None:
    """Make the page of a class from the grades in PATH.

    PATH is a folder that `grader grade --out` made, or an export of Gradescope with our results in it.
    """
    from autograder.grades.from_gradescope import read_gradescope_gradebook
    from autograder.grades.replacing import replace_text
    from autograder.load.assignment import load_assignment
    from autograder.load.gradescope_results import is_gradescope_export
    from autograder.render.class_page import render_class_page

    name = "report-anonymous.html" if anonymous else "report.html"
    if is_gradescope_export(path):
        loaded = load_assignment(assignment)
        catalogue = Catalogue.load(loaded)
        gradebook = read_gradescope_gradebook(path, loaded, catalogue)
        target = out or path.with_name(f"{path.stem}-{name}")
        students = ""
    else:
        gradebook, catalogue = _read_folder(path)
        target = out or path / name
        students = "students" if target.resolve().parent == path.resolve() else ""
    replace_text(target, render_class_page(gradebook, catalogue, anonymous, students))
    handed_in = sum(grade.entry is not None for grade in gradebook.grades)
    click.echo(f"Class       {len(gradebook.grades)} students, {handed_in} of them handed in")
    click.echo(f"Wrote       {target}")
    if is_opened and not webbrowser.open(target.resolve().as_uri()):
        click.echo("Note        No browser was found here: open that file in yours.")
    if not anonymous:
        click.echo(f"Next        grader report {path} --anonymous   to show it in class")


def _read_folder(folder: Path) -> tuple[Gradebook, Catalogue]:
    """The grades of a folder, and the words for them. Raises UsageError for whatever holds none."""
    from autograder.grades.class_file import catalogue_of, read_class_file
    from autograder.grades.reading import read_gradebook

    if not folder.is_dir():
        raise UsageError(
            f"{folder}: this is neither a folder that `grader grade --out` made nor an export of Gradescope: it has no "
            "submission_metadata.yml. In Gradescope: Review Grades → Export Submissions."
        )
    return read_gradebook(folder), catalogue_of(read_class_file(folder))
