"""Gradescope's "Export Submissions": `submission_metadata.yml`, and a folder `submission_<number>` for each hand-in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from autograder.load.gradescope_metadata import METADATA, submitters_of, time_of, value_of
from autograder.load.safe_yaml import MOST_BYTES, UnreadableYaml, read_yaml
from autograder.load.unpacking import Listing, Member
from autograder.load.uploads import Reading, Upload, UploadedFile, clean, listed

FOLDER = re.compile(r"submission_(?P<number>\d+)")


def read(listing: Listing) -> Reading | None:
    found = [member for member in listing.members if member.path == PurePosixPath(METADATA)]
    if not found:
        return None
    source = listing.read(found[0], MOST_BYTES)
    records, remarks = (
        read_metadata(source) if isinstance(source, bytes) else ({}, ["submission_metadata.yml: unreadable."])
    )
    files: dict[str, list[UploadedFile]] = defaultdict(list)
    strangers: list[Member] = []
    for member in listing.members:
        top, *rest = member.path.parts
        if rest and (top in records or FOLDER.fullmatch(top)):
            files[top].append(UploadedFile(member, PurePosixPath(*rest)))
        elif member is not found[0]:
            strangers.append(member)
    empty = {folder.parts[0] for folder in listing.folders if FOLDER.fullmatch(folder.parts[0])}
    unnamed = sorted((files.keys() | empty) - records.keys())
    if unnamed:
        remarks.append(
            f"submission_metadata.yml does not say whose these are, so they go by their number: {listed(unnamed)}."
        )
    uploads = [_upload(name, record, files.get(name, [])) for name, record in records.items()]
    uploads += [_upload(name, {}, files.get(name, [])) for name in unnamed]
    before = sum(upload.attempt > 1 for upload in uploads)
    if before:
        remarks.append(f"Handed in more than once: {before}. Gradescope exports the last attempt only.")
    return Reading("Gradescope", tuple(uploads), tuple(strangers), tuple(remarks))


def read_metadata(source: bytes) -> tuple[dict[str, Mapping[str, Any]], list[str]]:
    """What the file says of each folder, by its name; and remarks."""
    try:
        document = read_yaml(source.decode("utf-8-sig", "replace").encode())
    except UnreadableYaml as reason:
        return {}, [f"submission_metadata.yml cannot be read, so nobody's name is known: {reason}."]
    if not isinstance(document, dict):
        return {}, ["submission_metadata.yml names no submissions, so nobody's name is known."]
    return {str(name): record if isinstance(record, dict) else {} for name, record in document.items()}, []


def _upload(name: str, record: Mapping[str, Any], files: list[UploadedFile]) -> Upload:
    students = submitters_of(record, name)
    history = value_of(record, "history")
    return Upload(
        key="gradescope " + "\n".join(sorted(student.id for student in students)),
        label=clean(" + ".join(student.shown for student in students)),
        students=students,
        files=tuple(files),
        submitted=time_of(record),
        attempt=1 + len(history) if isinstance(history, list) else 1,
    )
