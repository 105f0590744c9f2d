"""Repositories, one a student: `gh teacher download` of Classroom 50, and clones of the former GitHub Classroom."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from autograder.gradebook import Student
from autograder.load.platforms.grouping import Grouping
from autograder.load.unpacking import Listing
from autograder.load.uploads import Reading, clean

# What is written: <classroom>-<assignment>_submissions_<time>/<classroom>-<assignment>-<user>/ by Classroom 50, and
# <slug>-submissions/<slug>-<user>/ by GitHub Classroom. Users may have hyphens, so the outer folder has to say where
# they begin; without it, what all folders have in common does, where the results of Classroom 50 are among them.
FIFTY = re.compile(r"(?P<slug>.+)_submissions_.+")
FORMER = re.compile(r"(?P<slug>.+)-submissions(?:-.+)?")
RESULT = "result.json"
SUMMARIES = frozenset({"scores.csv", "results.json", RESULT})
"""What Classroom 50 puts beside the repositories."""


def read(listing: Listing) -> Reading | None:
    tops = sorted({folder.parts[0] for folder in listing.folders})
    titles = (("Classroom 50", FIFTY), ("GitHub Classroom", FORMER))
    guesses = [(title, f"{found['slug']}-") for title, outer in titles if (found := outer.fullmatch(listing.name))]
    if any(member.path.parts[1:] == (RESULT,) for member in listing.members) and len(tops) > 1:
        guesses.append(("Classroom 50", _common(tops)))
    for title, prefix in guesses:
        if prefix and any(top.startswith(prefix) and top != prefix for top in tops):
            return _read(listing, title, prefix, tops)
    return None


def _common(names: list[str]) -> str:
    """What all names begin with, up to a hyphen."""
    first, last = min(names), max(names)
    same = next((place for place, (a, b) in enumerate(zip(first, last)) if a != b), min(len(first), len(last)))
    return first[: first.rfind("-", 0, same) + 1]


def _read(listing: Listing, title: str, prefix: str, tops: list[str]) -> Reading | None:
    grouping = Grouping("classroom")
    for top in tops:
        if top.startswith(prefix) and top != prefix:
            user = top[len(prefix) :]
            grouping.add(key=user, label=clean(user), student=Student(clean(user)))
    for member in listing.members:
        top, *rest = member.path.parts
        if rest and top.startswith(prefix) and top != prefix:
            user = top[len(prefix) :]
            who = Student(clean(user))
            grouping.add(key=user, label=clean(user), student=who, member=member, file=PurePosixPath(*rest))
        elif rest or top not in SUMMARIES:
            grouping.strangers.append(member)
    return grouping.reading(title)
