"""Files and folders of no platform: the name of a student's file, or of their folder, is their id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from autograder.gradebook import Student
from autograder.load.choosing import RANKS, may_be_meant
from autograder.load.platforms.grouping import Grouping
from autograder.load.unpacking import Listing, Member, within
from autograder.load.uploads import Reading, Upload, UploadedFile, clean

MOST_OF_ONE = 3
"""Files that may be meant, in the folder of one student. Where most folders hold more, each file is somebody's."""


def read_folders(listing: Listing) -> Reading | None:
    """A folder a student, and single files beside them; None where folders rather look like parts of the class."""
    listing = _inner(listing)
    tops = sorted({folder.parts[0] for folder in listing.folders})
    counts = Counter(member.path.parts[0] for member in listing.members if _counts(member))
    in_folders = sorted(counts[top] for top in tops if counts[top])
    if not in_folders or in_folders[len(in_folders) // 2] > MOST_OF_ONE:
        return None
    return folders_as_students(listing)


def folders_as_students(listing: Listing) -> Reading | None:
    """A folder a student, however many files there are in it."""
    listing = _inner(listing)
    grouping = Grouping("plain")
    names = _stems(member for member in listing.members if len(member.path.parts) == 1)
    for member in listing.members:
        top, *rest = member.path.parts
        if rest:
            who = clean(top)
            grouping.add(key=top, label=who, student=Student(who), member=member, file=PurePosixPath(*rest))
        elif _is_graded(member):
            _add_file(grouping, member, names)
        else:
            grouping.strangers.append(member)
    for top in sorted({folder.parts[0] for folder in listing.folders}):
        grouping.add(key=top, label=clean(top), student=Student(clean(top)))
    return grouping.reading("plain folders")


def read_files(listing: Listing) -> Reading | None:
    """Each file a student, at any depth."""
    listing = _inner(listing)
    grouping = Grouping("plain")
    names = _stems(listing.members)
    for member in listing.members:
        if _is_graded(member):
            _add_file(grouping, member, names)
        else:
            grouping.strangers.append(member)
    graded = {parent for member in listing.members if _is_graded(member) for parent in member.path.parents}
    for folder in sorted(listing.folders - graded):
        if folder.suffix.lower() in RANKS:  # somebody's hand-in, and nothing in it: no folder of the teacher's
            who = Student(clean(str(folder.with_suffix(""))))
            grouping.add(key=str(folder.with_suffix("")), label=clean(str(folder)), student=who)
    return grouping.reading("plain files")


def read_one_folder(listing: Listing) -> Reading | None:
    """A folder that is one student's, who is called as it is; None where several files in it may be meant.

    That is what folders are that are given one by one, as in `class/*/`.
    """
    if sum(map(_counts, listing.members)) > 1:
        return None
    files = tuple(UploadedFile(member, member.path) for member in listing.members)
    who = clean(listing.name)
    return Reading("plain folders", (Upload(f"plain {listing.name}", who, (Student(who),), files),))


def _inner(listing: Listing) -> Listing:
    """What is in the folders round all of it: these are no students, unless there is one file in all."""
    levels = [listing]
    while inside := within(levels[-1]):
        levels.append(inside)
    if sum(map(_counts, listing.members)) > 1:
        return levels[-1]
    return next(filter(_is_folders_only, levels), listing)


def is_of_one(listing: Listing) -> bool:
    """Whether it may be what one student packed: one file to grade, and no row of folders that may be a class."""
    inner = _inner(listing)
    return sum(map(_counts, listing.members)) == 1 and not _is_folders_only(inner)


def _is_folders_only(listing: Listing) -> bool:
    return not any(len(member.path.parts) == 1 for member in listing.members) and (
        len({folder.parts[0] for folder in listing.folders}) > 1
    )


def _counts(member: Member) -> bool:
    return may_be_meant(UploadedFile(member, PurePosixPath(member.path.name)))


def _is_graded(member: Member) -> bool:
    """What cannot be opened may be anybody's, so it is never passed over."""
    return member.path.suffix.lower() in RANKS or member.note is not None


def _stems(members: Iterable[Member]) -> Counter[str]:
    return Counter(str(member.path.with_suffix("")) for member in members if _is_graded(member))


def _add_file(grouping: Grouping, member: Member, stems: Counter[str]) -> None:
    """`ada.ipynb` is Ada's, and called that; with an `ada.py` beside it, both are hers, and the hand-in is `ada`."""
    stem = str(member.path.with_suffix(""))
    label = stem if stems[stem] > 1 else str(member.path)
    grouping.add(key=stem, label=clean(label), student=Student(clean(stem)), member=member, file=member.path)
