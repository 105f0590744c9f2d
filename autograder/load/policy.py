"""The table [policy] of an assignment → what a class is graded by."""

from __future__ import annotations

from datetime import datetime

from autograder.load.table import Table, shown
from autograder.records import Policy
from autograder.times import read_time

COUNTS = ("latest", "best")
"""Which attempt may make the grade."""


def load_policy(table: Table) -> Policy:
    """What the table says; every key may be left out. Raises AssignmentError."""
    table.keys(known=("due", "grace_days", "percent_a_day", "most_percent", "counts"))
    return Policy(
        due=_due(table),
        grace_days=table.number("grace_days", Policy.grace_days, most=365),
        percent_a_day=table.number("percent_a_day", Policy.percent_a_day, most=100),
        most_percent=table.number("most_percent", Policy.most_percent, most=100),
        counts=table.choice("counts", COUNTS, default=Policy.counts),
    )


def _due(table: Table) -> str:
    """In ISO 8601; TOML has points in time of its own, and a text does as well."""
    value = table.data.get("due", "")
    text = value.isoformat() if isinstance(value, datetime) else value
    if text != "" and (not isinstance(text, str) or read_time(text) is None):
        wanted = "a time with its offset, such as 2026-11-24T23:59:00+01:00"
        raise table.refuse("due", wanted=wanted, got=shown(value))
    return text
