"""Gradescope's "Export Submissions": `submission_metadata.yml`, and a folder `submission_<number>` for each hand-in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timezone
from pathlib import PurePosixPath
from typing import Any

from autograder.gradebook import Student
from autograder.load.unpacking import Listing, Member
from autograder.load.uploads import Reading, Upload, UploadedFile, clean, listed

METADATA = PurePosixPath("submission_metadata.yml")

FOLDER = re.compile(r"submission_(?P<number>\d+)")

MOST_METADATA = 512 << 20
"""All results of all students are in it."""


def read(listing: Listing) -> Reading | None:
    found = [member for member in listing.members if member.path == METADATA]
    if not found:
        return None
    source = listing.read(found[0], MOST_METADATA)
    told, remarks = (
        read_metadata(source) if isinstance(source, bytes) else ({}, ["submission_metadata.yml: unreadable."])
    )
    files: dict[str, list[UploadedFile]] = defaultdict(list)
    strangers: list[Member] = []
    for member in listing.members:
        top, *rest = member.path.parts
        if rest and (top in told or FOLDER.fullmatch(top)):
            files[top].append(UploadedFile(member, PurePosixPath(*rest)))
        elif member is not found[0]:
            strangers.append(member)
    empty = {folder.parts[0] for folder in listing.folders if FOLDER.fullmatch(folder.parts[0])}
    unnamed = sorted((files.keys() | empty) - told.keys())
    if unnamed:
        remarks.append(
            f"submission_metadata.yml does not say whose these are, so they go by their number: {listed(unnamed)}."
        )
    uploads = [_upload(name, record, files.get(name, [])) for name, record in told.items()]
    uploads += [_upload(name, {}, files.get(name, [])) for name in unnamed]
    before = sum(upload.attempt > 1 for upload in uploads)
    if before:
        remarks.append(f"Handed in more than once: {before}. Gradescope exports the last attempt only.")
    return Reading("Gradescope", tuple(uploads), tuple(strangers), tuple(remarks))


def read_metadata(source: bytes) -> tuple[dict[str, Mapping[str, Any]], list[str]]:
    """What the file says of each folder, by its name, with Ruby's symbols as texts (`:submitters`); and remarks.

    No object is made but dicts, lists, texts, numbers and times, whatever the file asks for.
    """
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """A safe loader that reads what Ruby tagged as its own as the plain data that it is."""

    def plain(loader: Any, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    Loader.add_constructor(None, plain)  # for every tag that it does not know
    try:
        document = yaml.load(source.decode("utf-8-sig", "replace"), Loader=Loader)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" in line {where.line + 1}" if where else ""
        return {}, [f"submission_metadata.yml cannot be read{line}, so nobody's name is known."]
    if not isinstance(document, dict):
        return {}, ["submission_metadata.yml names no submissions, so nobody's name is known."]
    return {str(name): record if isinstance(record, dict) else {} for name, record in document.items()}, []


def _upload(name: str, record: Mapping[str, Any], files: list[UploadedFile]) -> Upload:
    submitters = record.get(":submitters")
    people = [_student(one) for one in submitters if isinstance(one, dict)] if isinstance(submitters, list) else []
    students = tuple(person for person in people if person.id) or (Student(clean(name)),)
    history = record.get(":history")
    return Upload(
        key="gradescope " + "\n".join(sorted(student.id for student in students)),
        label=clean(" + ".join(student.shown for student in students)),
        students=students,
        files=tuple(files),
        submitted=_time(record.get(":created_at")),
        attempt=1 + len(history) if isinstance(history, list) else 1,
    )


def _student(person: Mapping[str, Any]) -> Student:
    name, sid, email = (clean(_text(person.get(key))) for key in (":name", ":sid", ":email"))
    return Student(sid or email or name, name, email)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, (str, int, float)) else ""


def _time(value: Any) -> str:
    """ISO 8601 with its offset, or "" where there is no time. Ruby writes some of its times as objects with a `utc`."""
    if isinstance(value, dict):
        value = value.get("utc") or value.get("time")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00").replace("Z", "+00:00"))
        except ValueError:
            return ""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).isoformat()
    return f"{value.isoformat()}T00:00:00+00:00" if isinstance(value, date) else ""
