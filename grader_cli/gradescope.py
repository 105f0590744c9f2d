"""`grader gradescope zip` and `grader gradescope try`: the upload, and its rehearsal."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import click

from autograder.load.assignment import load_assignment

PYTHON = re.compile(r"3\.1\d")


def pythons_of(_context: click.Context, _option: click.Parameter, text: str) -> tuple[str, ...]:
    """`3.10,3.12` -> the versions."""
    versions = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for version in versions:
        if not PYTHON.fullmatch(version):
            raise click.BadParameter(f"{version} is no version such as 3.10 or 3.12.")
    if not versions:
        raise click.BadParameter("at least one version is needed, such as 3.10.")
    return versions


@click.group()
def gradescope() -> None:
    """Make an upload for Gradescope, and try it here first."""


@gradescope.command("zip")
@click.argument("assignment", default="backprop")
@click.option("--output", "-o", default="autograder.zip", show_default=True, type=click.Path(path_type=Path))
@click.option(
    "--python", "pythons", default="3.10", show_default=True, callback=pythons_of, help="Python of the base image."
)
@click.option(
    "--seed", "-s", type=click.IntRange(min=0), help="Draws the inputs; keep it to yourself. Default: random."
)
@click.option("--thin", is_flag=True, help="Let the image fetch numpy from the package index when it is built.")
@click.option("--leaderboard", is_flag=True, help="Show the points on a leaderboard.")
def make_zip(
    assignment: str, output: Path, pythons: tuple[str, ...], seed: int | None, thin: bool, leaderboard: bool
) -> None:
    """Make the zip to upload for ASSIGNMENT: a name or a folder."""
    from autograder.gradescope.bundle import make_gradescope_zip
    from autograder.gradescope.settings import Settings

    loaded = load_assignment(assignment)
    chosen = secrets.randbelow(10**9) if seed is None else seed
    bundle = make_gradescope_zip(loaded, Settings(loaded.name, chosen, leaderboard), output, pythons, thin)
    click.echo(f"{bundle.path}   {bundle.megabytes:.1f} MB")
    click.echo(f"  assignment  {loaded.name} {loaded.version}, {loaded.max_score} points")
    click.echo(f"  image       Ubuntu 22.04 or another with Python {' or '.join(pythons)}")
    click.echo(
        f"  packages    {'from the index, when the image is built' if thin else 'in the zip; no network needed'}"
    )
    click.echo(f"  seed        {chosen}   --seed {chosen} makes the same zip again; students should not know it")
    click.echo(f"\nNext   grader gradescope try {output} YOUR-NOTEBOOK.ipynb")


@gradescope.command("try")
@click.argument("archive", metavar="ZIP", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("submissions", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--with-network", is_flag=True, help="Let the build use the network, as a thin zip needs it.")
@click.option(
    "--system",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Root folder of another system to run in, such as one that debootstrap has made. Needs bubblewrap.",
)
def try_it(archive: Path, submissions: tuple[Path, ...], with_network: bool, system: Path | None) -> None:
    """Build from ZIP and grade each of the SUBMISSIONS, as the platform would, without docker."""
    from autograder.gradescope.tryout import rehearse
    from autograder.render.rehearsal import build_lines, tried_lines

    with rehearse(archive, with_network, system) as rehearsal:
        for line in build_lines(
            rehearsal.build.box, rehearsal.build.machine, rehearsal.build.seconds, rehearsal.build.said
        ):
            click.echo(line)
        for submission in submissions:
            tried = rehearsal.grade(submission)
            for line in tried_lines(tried.name, tried.results, tried.log, tried.seconds):
                click.echo(line)
    click.echo("\nNext   upload the zip: Assignment, Configure Autograder, Select Autograder (.zip)")
