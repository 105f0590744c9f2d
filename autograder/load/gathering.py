"""Folders, archives and files → all hand-ins in them, each with the file that is graded."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.errors import UsageError
from autograder.gradebook import Handin, Student
from autograder.load.archives import ZIP
from autograder.load.choosing import choose
from autograder.load.handins import Placed, make_handins
from autograder.load.layouts import find_submissions
from autograder.load.platforms import nbgrader
from autograder.load.platforms import pattern as own
from autograder.load.platforms.plain import is_of_one, read_one_folder
from autograder.load.platforms.table import ASKED_FOR, AUTO, check_layout, read_listing
from autograder.load.unpacking import Listing, is_archive, open_listing, place
from autograder.load.uploads import Reading, Upload, clean, listed
from autograder.records import Note

LONGEST_NAME = 255
"""Letters of what a student called the file."""


@dataclass(frozen=True)
class Gathered:
    layout: str
    handins: tuple[Handin, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    """What one of the paths holds."""

    given: Path
    listing: Listing
    reading: Reading


@dataclass(frozen=True)
class _Wanted:
    """How the paths are to be read, and how many of them are folders and archives."""

    layout: str
    pattern: re.Pattern[str] | None
    folders: int
    archives: int

    @property
    def is_guessed(self) -> bool:
        return self.layout == AUTO and self.pattern is None


def gather(paths: Sequence[Path], layout: str, pattern: str | None, stack: ExitStack) -> Gathered:
    """All hand-ins of `paths`, their files unpacked until `stack` is closed. Raises UsageError."""
    check_layout(layout)
    folders = {path for path in paths if path.is_dir()}
    archives = {path for path in paths if is_archive(path) and path.is_file()}
    expression = own.compile_pattern(pattern) if pattern is not None else None
    wanted = _Wanted(layout, expression, len(folders), len(archives))
    held = {path: _read(path, wanted, stack) for path in paths if path in folders or path in archives}
    parts = [part for part in held.values() if part is not None]
    files = [path for path in dict.fromkeys(paths) if held.get(path) is None]
    placed = _place_files(files)
    root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-")))
    for number, part in enumerate(_apart(parts)):
        placed += _place(part, root / f"{number:06d}")
    titles = dict.fromkeys([*(part.reading.title for part in parts), *(["plain files"] if files else [])])
    remarks = [
        remark for part in parts for remark in (*part.listing.remarks, *part.reading.remarks, *_passed_over(part))
    ]
    return Gathered("; ".join(titles), make_handins(_once(placed)), tuple(remarks))


def _read(given: Path, wanted: _Wanted, stack: ExitStack) -> _Part | None:
    """What a folder or an archive holds; None for a zip that is what one student handed in. Raises UsageError.

    Several zips are one student's each, unless a platform's layout is in them; so is a zip with one file to grade.
    """
    may_be_ones = wanted.is_guessed and given.suffix == ZIP and given.is_file()
    with ExitStack() as opened:
        try:
            listing = opened.enter_context(open_listing(given))
        except UsageError:
            if may_be_ones and wanted.archives > 1:  # no reason to stop: the note of that hand-in says what it is
                return None
            raise
        reading = own.read(listing, wanted.pattern) if wanted.pattern else read_listing(listing, wanted.layout)
        if wanted.is_guessed and (reading is None or reading.title.startswith("plain")):
            if may_be_ones and (wanted.archives > 1 or (reading is not None and is_of_one(listing))):
                return None
            reading = (_by_itself(given, listing, wanted) if given.is_dir() else None) or reading
        if reading is None:
            raise _nothing(given, listing, wanted)
        stack.push(opened.pop_all())  # what is not read any further is closed at once
        return _Part(given, listing, reading)


def _by_itself(given: Path, listing: Listing, wanted: _Wanted) -> Reading | None:
    """A folder that is the hand-in of one student, given with those of others."""
    return nbgrader.read_one_folder(listing, given) or (read_one_folder(listing) if wanted.folders > 1 else None)


def _nothing(given: Path, listing: Listing, wanted: _Wanted) -> UsageError:
    what = "folder" if given.is_dir() else "archive"
    got = listed(str(member.path) for member in listing.members) or "no file"
    if wanted.pattern is not None:
        return UsageError(
            f"{given}: --pattern fits no path in this {what}.\n  wanted  {wanted.pattern.pattern}\n  got     {got}"
        )
    if wanted.layout != AUTO and listing.members:
        layout = ASKED_FOR[wanted.layout]
        return UsageError(
            f"{given}: nothing in this {what} is laid out like {layout.title}.\n"
            f"  wanted  {layout.looks_like}\n  got     {got}\n  Try it without --layout."
        )
    return UsageError(f"{given}: no .ipynb, .py or .zip file in this {what}.")


def _passed_over(part: _Part) -> Iterable[str]:
    """What nobody's hand-in is, so that nobody is lost without a word."""
    others = [member for member in part.reading.strangers if member.note is None]
    if others:
        yield f"Passed over in {clean(str(part.given), LONGEST_NAME)}: {listed(str(member.path) for member in others)}."


def _apart(parts: Sequence[_Part]) -> list[_Part]:
    """Plain files and folders of one name, in several paths, are several students; elsewhere, ids say who is who."""
    plain = [part for part in parts if part.reading.title.startswith("plain")]
    counts = Counter(upload.key for part in plain for upload in part.reading.uploads)

    def told_apart(upload: Upload, given: Path) -> Upload:
        if counts[upload.key] < 2:
            return upload
        students = tuple(Student(f"{given.as_posix()}/{student.id}", student.name) for student in upload.students)
        return replace(
            upload, key=f"{given} {upload.key}", label=f"{given.as_posix()}/{upload.label}", students=students
        )

    return [
        replace(
            part,
            reading=replace(
                part.reading, uploads=tuple(map(partial(told_apart, given=part.given), part.reading.uploads))
            ),
        )
        if part in plain
        else part
        for part in parts
    ]


def _place_files(paths: Sequence[Path]) -> list[Placed]:
    """Files of the command line: each is somebody's."""
    if not paths:
        return []
    placed = []
    files = find_submissions(paths)
    stems = Counter(str(PurePosixPath(found.name).with_suffix("")) for found in files)
    for found in files:
        stem = str(PurePosixPath(found.name).with_suffix(""))
        student = Student(stem if stems[stem] == 1 else found.name)
        upload = Upload(f"file {found.path}", found.name, (student,), ())
        placed.append(Placed(upload, found.path, found.path.name))
    return placed


def _place(part: _Part, into: Path) -> list[Placed]:
    into.mkdir()
    chosen = [choose(upload.files) for upload in part.reading.uploads]
    members = {file.member.number: file.member for file, _ in chosen if file is not None}
    # In the order in which they stand: nothing compressed is read twice.
    paths = {number: place(part.listing, members[number], into) for number in sorted(members)}
    placed = []
    for upload, (file, notes) in zip(part.reading.uploads, chosen):
        path = paths[file.member.number] if file is not None else None
        name = clean(str(file.name), LONGEST_NAME) if file is not None else ""
        if isinstance(path, Note):
            placed.append(Placed(upload, None, name, (path, *notes)))
        else:
            placed.append(Placed(upload, path, name, notes))
    return placed


def _once(placed: Iterable[Placed]) -> list[Placed]:
    """Each file once: a file may be named beside its folder."""
    seen: set[Path] = set()
    once = []
    for one in placed:
        if one.path is not None and one.path.exists():
            path = one.path.parent.resolve() / one.path.name  # a link to a file of somebody else is another hand-in
            if path in seen:
                continue
            seen.add(path)
        once.append(one)
    return once
