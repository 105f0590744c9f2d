"""The door: `grader VERB`. Verbs are imported when they are used, so that `--help` is quick."""

from __future__ import annotations

import gc
import importlib
import os
import sys

import click

from autograder import __version__
from autograder.errors import GraderError, did_you_mean
from autograder.sandbox.nest import Nest

VERBS = {
    "demo": "Make a sample class and grade it: the main job, with no set-up.",
    "check": "Check your own file: what is right, and what is not yet.",
    "grade": "Grade files and folders of them.",
    "report": "Make the page of a class anew, or without names to show in class.",
    "export": "Bring the grades of a class to Canvas, Moodle, nbgrader or a spreadsheet.",
    "similar": "Pairs of submissions whose code is alike outside the handout: a reason to look, never a verdict.",
    "verify": "Prove an assignment before you release it.",
    "build": "Build what students receive from a master notebook.",
    "otter": "For courses with otter-grader: an autograder zip that gives our scores.",
    "gradescope": "Make an upload for Gradescope, and try it here first.",
    "host": "The files for Classroom 50, PrairieLearn or GitHub Actions.",
    "doctor": "What this machine gives: Python, numpy, and the walls round a student's code.",
}


GRADING = frozenset({"demo", "check", "grade", "verify", "doctor"})
"""Verbs that will need a worker at once."""


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        if name in GRADING:
            ctx.obj = ctx.with_resource(Nest())  # its interpreter starts while the library is imported
        command: click.Command = getattr(importlib.import_module(f"grader_cli.{name}"), name)
        if not gc.isenabled():
            gc.freeze()  # what was imported stays, and need not be looked through
            gc.enable()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            hint = did_you_mean(args[0], VERBS) or f"They are {', '.join(VERBS)}."
            raise click.UsageError(f"There is no command {args[0]}. {hint[0].upper()}{hint[1:]}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group("grader", cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="grader")
def grader() -> None:
    """Auto-graded backpropagation homework: notebooks in, scores and feedback out.

    Exit codes: 0 the command did its job, whatever the score; 1 something is not right yet; 2 wrong usage or a
    broken assignment; 3 a fault of the grader.
    """


def main() -> None:
    """Run the command; an error that we know ends in its own words and its own exit code."""
    gc.disable()  # until the verb is imported: that makes many objects, and no garbage
    try:
        sys.exit(grader(prog_name="grader", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except BrokenPipeError:  # `grader grade ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except GraderError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:  # a full disk, a folder that may not be read
        click.echo(f"Error: {error.filename or 'this machine'}: {error.strerror}.", err=True)
        sys.exit(GraderError.exit_code)
