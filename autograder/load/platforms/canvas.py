"""Canvas's "Download Submissions": one folder, and the student at the beginning of each file's name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from autograder.gradebook import Student
from autograder.load.platforms.grouping import Grouping
from autograder.load.unpacking import Listing
from autograder.load.uploads import Reading, clean

# What Canvas writes: [sortable name without what is no letter, digit or `_`]_[LATE]_[user]_[attachment]_[file]. A text
# or a link that was handed in has no attachment. In anonymous assignments the name is left out, and LATE comes first.
UPLOAD = re.compile(r"(?P<name>.+?)(?:_(?P<late>LATE))?_(?P<user>\d+)_(?:\d+_(?P<file>.+)|(?P<text>text|link)\.html)")
ANONYMOUS = re.compile(
    r"(?:(?P<late>LATE)_)?(?P<name>anon)_(?P<user>[A-Za-z0-9]{5})_(?:\d+_(?P<file>.+)|(?P<text>text|link)\.html)"
)


def read(listing: Listing) -> Reading | None:
    grouping = Grouping("canvas")
    anonymous = 0
    for member in listing.members:
        name = member.path.name
        nameless = ANONYMOUS.fullmatch(name)
        found = nameless or UPLOAD.fullmatch(name)
        if found is None or len(member.path.parts) > 1:
            grouping.strangers.append(member)
            continue
        anonymous += bool(nameless)
        user = found["user"]
        grouping.add(
            key=user,
            label=f"anonymous {user}" if nameless else clean(found["name"]),
            student=Student(user, "" if nameless else clean(found["name"])),
            member=member,
            file=PurePosixPath(found["file"] or f"{found['text']}.html"),
            is_late=bool(found["late"]),
        )
    return grouping.reading("Canvas, anonymous" if anonymous else "Canvas")
