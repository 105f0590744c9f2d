"""A layout of the instructor's own: a regular expression that finds the student in the path of a file."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from autograder.errors import UsageError
from autograder.gradebook import Student
from autograder.load.platforms.grouping import Grouping
from autograder.load.unpacking import Listing
from autograder.load.uploads import Reading, clean

GROUPS = ("user", "name", "file", "late")

LONGEST_PATH = 512
"""Letters of a path that are looked at. Students name files, and some expressions take forever on long names."""


def compile_pattern(text: str) -> re.Pattern[str]:
    """The expression. Raises UsageError where it is none, or names no student."""
    example = "Try --pattern '(?P<user>[^/]+)/(?P<file>.+)'."
    try:
        pattern = re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise UsageError(f"--pattern {text}: this is no regular expression: {error}. {example}") from None
    if "user" not in pattern.groupindex:
        raise UsageError(
            f"--pattern {text}: nothing in it says who the student is. Wanted a group (?P<user>...); (?P<name>...), "
            f"(?P<file>...) and (?P<late>...) may be there, too. {example}"
        )
    return pattern


def read(listing: Listing, pattern: re.Pattern[str]) -> Reading | None:
    """Each file whose path fits, with the student of the group `user`; it is late where the group `late` holds text."""
    grouping = Grouping("pattern")
    for member in listing.members:
        path = str(member.path)
        found = pattern.search(path) if len(path) <= LONGEST_PATH else None
        if found is None or not found["user"]:
            grouping.strangers.append(member)
            continue
        told = {group: found[group] or "" for group in GROUPS if group in pattern.groupindex}
        who = Student(clean(told["user"]), clean(told.get("name", "")))
        grouping.add(
            key=told["user"],
            label=who.shown,
            student=who,
            member=member,
            file=PurePosixPath(told.get("file") or member.path.name),
            is_late=bool(told["late"]) if "late" in told else None,
        )
    return grouping.reading("your pattern")
