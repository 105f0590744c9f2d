"""`grader doctor`: what this machine gives."""

from __future__ import annotations

import os
import platform

import click

from autograder.load.assignment import load_assignment
from autograder.render.walls import Walls, render_walls
from autograder.sandbox.client import Sandbox
from autograder.sandbox.nest import Nest, usual_jobs
from grader_cli.console import is_coloured, terminal_width


@click.command()
@click.pass_obj
def doctor(nest: Nest) -> None:
    """Show Python, numpy, and which walls hold a student's code on this machine: each one tried, not believed."""
    import numpy

    with Sandbox(load_assignment("backprop"), nest) as sandbox:
        isolation = sandbox.probe()
        how = "forked from one interpreter" if nest.forks else "an interpreter for each submission"
    walls = Walls(isolation.walls, isolation.possible, isolation.layers)
    user = "root" if hasattr(os, "geteuid") and os.geteuid() == 0 else "an ordinary user"
    machine = f"{platform.system()} {platform.release()} on {platform.machine()}, {usual_jobs()} at a time, as {user}"
    click.echo(f"Python     {platform.python_version()}, numpy {numpy.__version__}")
    click.echo(f"Machine    {machine}")
    click.echo(f"Workers    {how}\n")
    click.echo(render_walls(walls, terminal_width(), is_coloured()))
    if all(state == "active" for state in isolation.walls.values()):
        click.echo("Next   grader grade FOLDER --require files,net,proc,mem")
    else:
        click.echo("Next   docs/security.md says what each layer needs, and what to do without one")
