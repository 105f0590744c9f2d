"""The layouts that are known, in the order in which they are tried: the surest sign first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from autograder.errors import UsageError, did_you_mean
from autograder.load.choosing import RANKS
from autograder.load.platforms import canvas, classroom, gradescope, moodle, nbgrader, plain
from autograder.load.unpacking import Listing, Member, within
from autograder.load.uploads import Reading, listed

Reader = Callable[[Listing], Reading | None]

DEEPEST = 3
"""Folders round an export that may hold nothing else: of the download, of whoever packed it again, of the platform."""


@dataclass(frozen=True)
class Layout:
    """`readers` are tried in turn. `looks_like` is an example, for whoever has to choose one by hand."""

    id: str
    title: str
    looks_like: str
    readers: tuple[Reader, ...]


PLATFORMS = (
    Layout("gradescope", "Gradescope", "submission_metadata.yml, submission_88213/hw.ipynb", (gradescope.read,)),
    Layout("classroom50", "Classroom 50", "ml-hw1_submissions_2026/ml-hw1-ada/hw.ipynb", (classroom.read,)),
    Layout(
        *("nbgrader", "nbgrader", "submitted/ada/hw1/hw.ipynb"),
        (nbgrader.read_inbound, nbgrader.read_collected),
    ),
    Layout(
        *("moodle", "Moodle", "Ada Lovelace_10019166_assignsubmission_file/hw.ipynb"),
        (moodle.read_folders, moodle.read_flat),
    ),
    Layout("canvas", "Canvas", "lovelaceada_20000_9911_hw.ipynb", (canvas.read,)),
)

PLAIN = (
    Layout("folders", "plain folders", "ada/hw.ipynb", (plain.read_folders,)),
    Layout("files", "plain files", "ada.ipynb", (plain.read_files,)),
)

ASKED_FOR = {
    layout.id: layout for layout in (*PLATFORMS, replace(PLAIN[0], readers=(plain.folders_as_students,)), PLAIN[1])
}
"""By id. Whoever asks for folders gets a student for each, whatever they look like."""

AUTO = "auto"


def check_layout(id: str) -> None:
    """Raises UsageError for a layout that is not known."""
    if id != AUTO and id not in ASKED_FOR:
        hint = did_you_mean(id, (AUTO, *ASKED_FOR)) or f"they are {', '.join((AUTO, *ASKED_FOR))}."
        raise UsageError(f"There is no layout {id}: {hint}")


def read_listing(listing: Listing, id: str) -> Reading | None:
    """The export as the asked layout reads it, or as the first one does that understands most of it; or None.

    What a platform's layout does not understand becomes a hand-in like any plain file, and a remark says so.
    """
    if id != AUTO:
        return _complete(_first(listing, ASKED_FOR[id].readers, sure=False), listing)
    readers = [reader for layout in PLATFORMS for reader in layout.readers]
    found = _complete(_first(listing, readers, sure=True), listing)
    return found or next((found for layout in PLAIN for r in layout.readers if (found := r(listing))), None)


def _first(listing: Listing, readers: Sequence[Reader], sure: bool) -> Reading | None:
    levels = [listing]
    while len(levels) <= DEEPEST and (inside := within(levels[-1])):
        levels.append(inside)
    for reader in readers:
        for level in levels:
            found = reader(level)
            if found and (not sure or _share(found) >= 0.5):
                return found
    return None


def _share(reading: Reading) -> float:
    """How much of what may be graded the layout understood. A single file may look like anything."""
    known = sum(max(1, len(upload.files)) for upload in reading.uploads)
    return known / (known + sum(member.path.suffix.lower() in RANKS for member in reading.strangers))


def _complete(reading: Reading | None, listing: Listing) -> Reading | None:
    if reading is None:
        return None
    graded = [member for member in reading.strangers if member.path.suffix.lower() in RANKS]
    if not graded or reading.title.startswith("plain"):
        return reading
    others = tuple(member for member in reading.strangers if member.path.suffix.lower() not in RANKS)
    found = plain.read_files(replace(listing, members=tuple(graded), folders=frozenset()))
    remark = f"Not named as by {reading.title}, and taken for plain files: {_names(graded)}."
    uploads = found.uploads if found else ()
    return replace(reading, uploads=(*reading.uploads, *uploads), strangers=others, remarks=(*reading.remarks, remark))


def _names(members: Sequence[Member]) -> str:
    return listed(str(member.path) for member in members)
