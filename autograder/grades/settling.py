"""A ledger that was written with interruptions → one line for each hand-in, in the order of the export."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.grades.folder import free_name
from autograder.grades.ledger import Place, head_of, line_bytes, read_lines
from autograder.grades.replacing import replacing


def settle(file: Path, handins: Sequence[Mapping[str, Any]], places: Mapping[str, Place]) -> str | None:
    """Put the lines at `places` into the order of `handins`, as JSON has them, in one step.

    Lines that nobody will need are left out. If there was a result among them, the file as it was stays beside, and its
    name is returned. A file that is in order already is not touched. Raises OSError.
    """
    if _is_settled(file, handins, places):
        return None
    kept = free_name(file.parent) if any(_dropped(file, handins, places)) else None
    if kept:
        _keep(file, file.with_name(kept))
    with replacing(file) as written, open(file, "rb") as lines:
        for handin in handins:
            place = places[handin["name"]]
            lines.seek(place.start)
            line = lines.read(place.size)
            if place.head != head_of(handin):  # a roster or a time that was not known then
                line = line_bytes({**json.loads(line), "handin": handin})
            written.write(line)
    return kept


def _is_settled(file: Path, handins: Sequence[Mapping[str, Any]], places: Mapping[str, Place]) -> bool:
    start = 0
    for handin in handins:
        place = places[handin["name"]]
        if place.start != start or place.head != head_of(handin):
            return False
        start += place.size
    return start == (file.stat().st_size if file.exists() else 0)


def _dropped(file: Path, handins: Sequence[Mapping[str, Any]], places: Mapping[str, Place]) -> Iterator[str]:
    """The hand-ins with a result that is not among those to be kept."""
    wanted = {handin["name"] for handin in handins}
    for start, _, line in read_lines(file):
        name = line["handin"]["name"]
        if (name not in wanted or places[name].start != start) and line["report"]["outcome"] != "error":
            yield name


def _keep(file: Path, beside: Path) -> None:
    try:
        os.link(file, beside)
    except OSError:  # a file system without a second name for a file
        shutil.copyfile(file, beside)
