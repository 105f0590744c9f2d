"""nbgrader: `submitted/<student>/<assignment>/`, as `nbgrader collect` leaves it, or the exchange's inbound folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath

from autograder.errors import UsageError
from autograder.gradebook import Student
from autograder.load.platforms.grouping import Grouping
from autograder.load.unpacking import Listing, Member
from autograder.load.uploads import Reading, clean, listed

TIMESTAMP = "timestamp.txt"

ROOTS = frozenset({"submitted", "autograded", "feedback"})

INBOUND = re.compile(
    r"(?P<user>[^+]+)\+(?P<assignment>[^+]+)\+(?P<when>\d{4}-\d\d-\d\d \d\d[:_-]\d\d[:_-]\d\d(?:\.\d+)? [^+]+)"
    r"(?:\+(?P<random>[\w-]+))?"
)
"""nbgrader forbids `+` in the names of students and assignments. Some tools cannot write `:` in a file's name."""

WHEN = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<hour>\d\d)[:_-](?P<minute>\d\d)[:_-](?P<second>\d\d)(?:\.(?P<part>\d{1,6})\d*)?"
    r"\s*(?P<zone>\S*)"
)


def read_collected(listing: Listing) -> Reading | None:
    below = _below_submitted(listing)
    if below is None:
        return None
    grouping = Grouping("nbgrader")
    stamps = {path.parts[:2]: _stamp(listing, member) for member, path in below if _is_stamp(path)}
    for member, path in below:
        if len(path.parts) < 3:
            grouping.strangers.append(member)
        elif not _is_stamp(path):
            _add(grouping, path.parts[0], path.parts[1], stamps, member, PurePosixPath(*path.parts[2:]))
    for user, assignment in sorted(stamps):  # a timestamp, and nothing with it
        _add(grouping, user, assignment, stamps)
    assignments = {path.parts[1] for _, path in below if len(path.parts) > 2}
    _one_assignment(assignments, "(?:^|/)(?P<user>[^/]+)/{}/(?P<file>.+)")
    return grouping.reading("nbgrader, submitted")


def read_inbound(listing: Listing) -> Reading | None:
    grouping = Grouping("nbgrader")
    assignments = set()
    tops = {folder.parts[0] for folder in listing.folders if INBOUND.fullmatch(folder.parts[0])}
    stamps = {m.path.parts[0]: _stamp(listing, m) for m in listing.members if m.path.parts[1:] == (TIMESTAMP,)}
    for member in listing.members:
        top, *rest = member.path.parts
        if top not in tops or not rest:
            grouping.strangers.append(member)
        elif rest != [TIMESTAMP]:
            _add_inbound(grouping, top, stamps, member, PurePosixPath(*rest))
    for top in sorted(tops):
        _add_inbound(grouping, top, stamps)
        assignments.add(_parts_of(top)["assignment"])
    _one_assignment(assignments, r"(?:^|/)(?P<user>[^/+]+)\+{}\+[^/]+/(?P<file>.+)")
    return grouping.reading("nbgrader, inbound")


def read_one_folder(listing: Listing, folder: Path) -> Reading | None:
    """The folder `submitted/<student>/<assignment>`, given by itself: `submitted/*/hw1` is one assignment of many."""
    *_, root, user, assignment = ("", "", *folder.resolve().parts)
    if root not in ROOTS:
        return None
    inside = PurePosixPath(user, assignment)
    members = tuple(replace(member, path=inside / member.path) for member in listing.members)
    grouping = Grouping("nbgrader")
    stamps = {m.path.parts[:2]: _stamp(listing, m) for m in members if _is_stamp(m.path)}
    _add(grouping, user, assignment, stamps)
    for member in members:
        if not _is_stamp(member.path):
            _add(grouping, user, assignment, stamps, member, member.path.relative_to(inside))
    return grouping.reading("nbgrader, submitted")


def time_of(text: str) -> str:
    """nbgrader's `2026-11-23 09:00:00.000001 UTC` in ISO 8601; "" where it is no time, or its zone is not known."""
    from zoneinfo import ZoneInfo

    found = WHEN.match(text.strip())
    if found is None:
        return ""
    zone = found["zone"]
    try:
        when = datetime.fromisoformat(f"{found['day']}T{found['hour']}:{found['minute']}:{found['second']}")
        when = when.replace(microsecond=int((found["part"] or "0").ljust(6, "0")))
        if re.fullmatch(r"[+-]\d\d:?\d\d", zone):
            return f"{when.isoformat()}{zone[:3]}:{zone[-2:]}"
        known = timezone.utc if zone in ("UTC", "Z", "GMT", "") else ZoneInfo(zone)
    except (ValueError, OSError, KeyError):  # of ZoneInfo, for a zone of no name, a folder, or one that is not there
        return ""
    return when.replace(tzinfo=known).isoformat()


def _below_submitted(listing: Listing) -> list[tuple[Member, PurePosixPath]] | None:
    """Each member with its path below `submitted`; None where there is no such folder, and no timestamp."""
    if listing.name in ROOTS or any(len(m.path.parts) == 3 and _is_stamp(m.path) for m in listing.members):
        return [(member, member.path) for member in listing.members]
    if not any(len(member.path.parts) > 3 and member.path.parts[0] == "submitted" for member in listing.members):
        return None
    return [
        (member, PurePosixPath(*member.path.parts[1:]))
        for member in listing.members
        if member.path.parts[0] == "submitted" and len(member.path.parts) > 1
    ]


def _is_stamp(path: PurePosixPath) -> bool:
    return len(path.parts) == 3 and path.name == TIMESTAMP


def _stamp(listing: Listing, member: Member) -> str:
    source = listing.read(member, 1000)
    return time_of(source.decode("utf-8", "replace")) if isinstance(source, bytes) else ""


def _add(
    grouping: Grouping,
    user: str,
    assignment: str,
    stamps: dict[tuple[str, ...], str],
    member: Member | None = None,
    file: PurePosixPath | None = None,
) -> None:
    submitted = stamps.get((user, assignment), "")
    who = clean(user)
    grouping.add(key=user, label=who, student=Student(who), member=member, file=file, submitted=submitted)


def _add_inbound(
    grouping: Grouping,
    top: str,
    stamps: dict[str, str],
    member: Member | None = None,
    file: PurePosixPath | None = None,
) -> None:
    found = _parts_of(top)
    who = clean(found["user"])
    submitted = stamps.get(top) or time_of(found["when"])
    grouping.add(
        key=found["user"], label=who, student=Student(who), member=member, file=file, submitted=submitted, part=top
    )


def _parts_of(top: str) -> re.Match[str]:
    found = INBOUND.fullmatch(top)
    assert found is not None  # the caller has looked
    return found


def _one_assignment(assignments: Iterable[str], pattern: str) -> None:
    names = sorted(assignments)
    if len(names) > 1:
        raise UsageError(
            f"There are hand-ins for {len(names)} assignments here: {listed(names)}. Give the folders of one, as in "
            f"submitted/*/{clean(names[0])}; or, where they are packed, try\n"
            f"  --pattern '{pattern.format(re.escape(clean(names[0])))}'"
        )
