"""The zip that an instructor uploads: scripts, our package, the public assignment, and packages for the image."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.gradescope.packages import fetch_wheels, requirements
from autograder.gradescope.settings import FILE, Settings
from autograder.own_files import package_files, public_files
from autograder.records import Assignment
from autograder.render.feedback import load_gradescope_words
from autograder.render.gradescope import unfinished_results

SCRIPTS = ("setup.sh", "run_autograder")
STARTS = ("install.py", "start.py")

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of every file, so that the same contents make the same zip."""

FOR_ALL, RUNNABLE = 0o644 << 16, 0o755 << 16


@dataclass(frozen=True)
class Bundle:
    """A zip that was made: where it is, how large, and how many files of which kind are in it."""

    path: Path
    megabytes: float
    wheels: tuple[str, ...]


def make_gradescope_zip(
    assignment: Assignment, settings: Settings, target: Path, pythons: Sequence[str], is_thin: bool = False
) -> Bundle:
    """Write the zip; the same arguments, and the same packages on the index, make the same bytes.

    Raises UsageError where packages cannot be fetched, and OSError.
    """
    wheels = {} if is_thin else fetch_wheels(pythons)
    contents = {
        **_scripts(),
        **package_files("gradescope"),
        **public_files(assignment),
        **{f"wheels/{name}": data for name, data in wheels.items()},
        FILE: settings.to_text().encode(),
        "unfinished.json": _unfinished(assignment),
    }
    if is_thin:
        contents["requirements.txt"] = requirements().encode()
    _write(contents, target)
    return Bundle(target, target.stat().st_size / 1e6, tuple(sorted(wheels)))


def _scripts() -> dict[str, bytes]:
    here = Path(__file__).parent
    return {name: (here / name).read_bytes() for name in (*SCRIPTS, *STARTS)}


def _unfinished(assignment: Assignment) -> bytes:
    return json.dumps(unfinished_results(load_gradescope_words(assignment.language)), indent=1).encode()


def _write(contents: Mapping[str, bytes], target: Path) -> None:
    beside = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(beside, "w") as packed:
            for name in sorted(contents):
                entry = zipfile.ZipInfo(name, LONG_AGO)
                entry.external_attr = RUNNABLE if PurePosixPath(name).name in SCRIPTS else FOR_ALL
                # Wheels are packed already.
                entry.compress_type = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
                packed.writestr(entry, contents[name])
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
