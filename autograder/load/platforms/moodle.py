"""Moodle's "Download all submissions": a folder for each student, or all files in one, as the teacher has chosen."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from autograder.gradebook import Student
from autograder.load.platforms.grouping import Grouping
from autograder.load.unpacking import Listing
from autograder.load.uploads import Reading, clean

# What Moodle writes: [full name, or group]_[number]_assignsubmission_[plugin]. Underscores in names are spaces by then.
# Who is in no group is in "Default group", which has no number. Versions before 4 end the folder with one more `_`.
# With blind marking, all are called Participant, in the site's language.
WHO = r"(?P<name>.+?)(?:_(?P<user>\d+))?_assignsubmission_[a-z]+"
FOLDER = re.compile(WHO + r"_?")
FLAT = re.compile(WHO + r"_(?P<file>.+)")


def read_folders(listing: Listing) -> Reading | None:
    grouping = Grouping("moodle")
    for member in listing.members:
        top, *rest = member.path.parts
        found = FOLDER.fullmatch(top)
        if found and rest:
            student, key, label = _who(found)
            grouping.add(key=key, label=label, student=student, member=member, file=PurePosixPath(*rest))
        else:
            grouping.strangers.append(member)
    for folder in sorted(listing.folders):
        found = FOLDER.fullmatch(folder.parts[0])
        if found:
            student, key, label = _who(found)
            grouping.add(key=key, label=label, student=student)
    return grouping.reading("Moodle, folders")


def read_flat(listing: Listing) -> Reading | None:
    grouping = Grouping("moodle")
    for member in listing.members:
        found = FLAT.fullmatch(member.path.name)
        if found and len(member.path.parts) == 1:
            student, key, label = _who(found)
            grouping.add(key=key, label=label, student=student, member=member, file=PurePosixPath(found["file"]))
        else:
            grouping.strangers.append(member)
    return grouping.reading("Moodle, files")


def _who(found: re.Match[str]) -> tuple[Student, str, str]:
    name = clean(found["name"].replace("_", " "))
    number = found["user"]
    return (Student(number, name), number, name) if number else (Student(name, name), f"group {found['name']}", name)
