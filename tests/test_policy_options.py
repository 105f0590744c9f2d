"""The options of a policy: what the command says goes before what the assignment says."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from gradebooks import ADA

from autograder.errors import GraderError
from autograder.gradebook import Override, Policy
from grader_cli.policy import PolicyOptions, merge_policy, policy_options, read_overrides

OF_THE_ASSIGNMENT = Policy("2026-11-24T23:59:00+01:00", grace_days=1, percent_a_day=10, most_percent=50, counts="best")


@click.command()
@click.argument("path")
@policy_options
def verb(path: str, policy_options: PolicyOptions) -> None:
    click.echo(path)
    click.echo(merge_policy(policy_options, OF_THE_ASSIGNMENT))
    click.echo(read_overrides(policy_options, [ADA], 100))


SAID = {
    "nothing": ([], OF_THE_ASSIGNMENT),
    "one thing": (["--late-percent", "5"], Policy(OF_THE_ASSIGNMENT.due, 1, 5.0, 50, "best")),
    "nothing is free": (["--grace-days", "0"], Policy(OF_THE_ASSIGNMENT.due, 0.0, 10, 50, "best")),
    "all": (
        ["--due", "2026-12-01T12:00Z", "--grace-days", "0.5", "--late-percent", "20", "--late-cap", "100",
         "--attempts", "latest"],
        Policy("2026-12-01T12:00Z", 0.5, 20.0, 100.0, "latest"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("words", "policy"), SAID.values(), ids=SAID)
def test_what_the_command_says_goes_first(words: list[str], policy: Policy) -> None:
    """All else is the assignment's."""
    done = CliRunner().invoke(verb, ["hw.zip", *words], catch_exceptions=False)

    assert done.output == f"hw.zip\n{policy}\n()\n"


WRONG = {
    "no offset": (
        ["--due", "2026-11-24 23:59"],
        "Invalid value for '--due': 2026-11-24 23:59 is no time with its offset, such as 2026-11-24T23:59+01:00.",
    ),
    "too much": (["--late-percent", "120"], "Invalid value for '--late-percent': 120.0 is not in the range 0<=x<=100."),
    "no file": (["--overrides", "none.csv"], "Invalid value for '--overrides': File 'none.csv' does not exist."),
}


@pytest.mark.parametrize(("words", "message"), WRONG.values(), ids=WRONG)
def test_an_option_that_says_nothing_is_refused(words: list[str], message: str) -> None:
    """With the whole sentence."""
    done = CliRunner().invoke(verb, ["hw.zip", *words])

    assert done.exit_code == 2
    assert done.output.splitlines()[-1] == f"Error: {message}"


def test_decisions_are_about_students_of_the_class(tmp_path: Path) -> None:
    """Read when the class is known."""
    file = tmp_path / "overrides.csv"
    file.write_text("student,score,reason\nAda Lovelace,95,oral exam\n")
    options = PolicyOptions(overrides=file)

    assert read_overrides(options, [ADA], 100) == (Override("s1000", 95, None, "oral exam"),)
    with pytest.raises(GraderError):
        read_overrides(options, [], 100)
