"""`grader host classroom50|prairielearn|github`: the files to upload there."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from autograder.hosts.files import HOSTS, write_host_files
from autograder.load.assignment import load_assignment


@click.command()
@click.argument("name", metavar="HOST", type=click.Choice(list(HOSTS)))
@click.argument("assignment", default="backprop")
@click.option("--out", "-o", type=click.Path(path_type=Path), help="New folder to write. Default: ASSIGNMENT-HOST.")
@click.option(
    "--seed", "-s", type=click.IntRange(min=0), help="Draws the inputs, where the host can keep it. Default: random."
)
def host(name: str, assignment: str, out: Path | None, seed: int | None) -> None:
    """Make the files with which HOST (classroom50, prairielearn or github) grades ASSIGNMENT."""
    loaded, kind = load_assignment(assignment), HOSTS[name]
    if seed is not None and not kind.keeps_seed:
        raise click.UsageError(f"{kind.title} has no place in these files where students would not read a seed.")
    chosen = secrets.randbelow(10**9) if seed is None else seed
    folder = out or Path(f"{loaded.name}-{name}")
    files = kind.make(loaded, chosen)
    write_host_files(files, folder)
    size = sum(map(len, files.values())) / 1e6
    click.echo(f"{folder}   {len(files)} files, {size:.1f} MB")
    click.echo(f"  host        {kind.title}")
    click.echo(f"  assignment  {loaded.name} {loaded.version}, {loaded.max_score} points")
    if kind.keeps_seed:
        click.echo(f"  seed        {chosen}   --seed {chosen} makes the same files again; students should not know it")
    click.echo(f"\nNext   copy what is in {folder} to {kind.where}")
