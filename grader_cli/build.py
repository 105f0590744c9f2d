"""`grader build ASSIGNMENT`: from the master to what students receive."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.errors import UsageError
from autograder.load.assignment import load_assignment
from autograder.release.build import build_handout, solution_file, student_zip
from autograder.release.graders import OTTERS, OURS
from autograder.release.wheel import build_wheel, find_clone

DIST = Path("dist")
"""Where the zip for students goes, as other things that are built."""


@click.command()
@click.argument("assignment")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for all of it. Default: the assignment's, and dist/."
)
@click.option("--otter", is_flag=True, help="A notebook that talks to otter's grader, for courses that use it.")
def build(assignment: str, out: Path | None, otter: bool) -> None:
    """Build the handout of ASSIGNMENT, a name or a folder, from its master in solutions/NAME/NAME.ipynb.

    Made are the notebook, the script, test files for otter, solution.py beside the master, and a zip for students with
    the grader's wheel. Nothing is written while the master has a mistake, or a line of a solution would be handed out.
    """
    loaded = load_assignment(assignment)
    built = build_handout(loaded, OTTERS if otter else OURS)
    folder = out or loaded.folder
    for name, data in built.handout.items():
        _write(folder / name, data)
    _write(solution_file(loaded), built.solution)
    try:
        packed = student_zip(loaded, built, build_wheel(find_clone()))
    except UsageError as error:
        click.echo(f"\nNo zip for students. {error}", err=True)
        raise click.exceptions.Exit(1) from error
    _write((out or DIST) / f"{loaded.name}-student.zip", packed)
    click.echo(f"\nNext   grader verify {assignment}")


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    is_new = not file.is_file() or file.read_bytes() != data
    if is_new:
        file.write_bytes(data)
    click.echo(f"{'Written' if is_new else 'Same   '}  {file}")
