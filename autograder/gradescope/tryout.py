"""A rehearsal: build and grade with a zip as the platform would, without the platform and without docker."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderError, UsageError
from autograder.gradescope.boxes import Box, make_box
from autograder.gradescope.small_machine import small_machine

METADATA = {
    "id": 1,
    "created_at": "2026-01-01T12:00:00.000000-08:00",
    "submission_method": "upload",
    "users": [{"email": "ada@example.edu", "id": 1, "name": "Ada Example"}],
    "assignment": {"id": 1, "course_id": 1, "title": "rehearsal", "total_points": "100.0"},
    "previous_submissions": [],
}
"""What the platform says of a first upload."""


class BuildFailed(GraderError):
    """setup.sh did not end well: on the platform, the image would not be built."""


@dataclass(frozen=True)
class Build:
    """How the image was built: where, on what machine, in how many seconds, and what setup.sh said."""

    box: str
    machine: str
    seconds: float
    said: str


@dataclass(frozen=True)
class Tried:
    """One submission: what results.json holds, what went to the instructor's log, and the seconds."""

    name: str
    results: dict[str, Any]
    log: str
    seconds: float


class Rehearsal:
    """A built image, in which one submission after the other is graded, each in a fresh copy of it."""

    def __init__(self, box: Box, python: Path, build: Build) -> None:
        self.build = build
        self.folder = box.folder
        self.root = box.root
        self.python = python
        self._box = box

    def grade(self, submission: Path, name: str = "") -> Tried:
        """Raises GraderError where nothing, or nothing readable, was left: that must not happen."""
        self.hand_in(submission, name)
        began = time.monotonic()
        with self.start() as run:
            log, _ = run.communicate()
        seconds = time.monotonic() - began
        try:
            return Tried(submission.name, self.read_results(), log, seconds)
        except (OSError, ValueError) as error:
            raise GraderError(f"{submission}: no readable results.json was left ({error}).\n{log}") from error

    def hand_in(self, submission: Path, name: str = "") -> None:
        """Put a file, or all that is in a folder, where the platform puts an upload; the last results are gone."""
        for place in ("submission", "results"):
            shutil.rmtree(self.folder / place, ignore_errors=True)
            (self.folder / place).mkdir()
        if submission.is_dir():
            shutil.copytree(submission, self.folder / "submission", dirs_exist_ok=True, symlinks=True)
        else:
            shutil.copy(submission, self.folder / "submission" / (name or submission.name))
        (self.folder / "submission_metadata.json").write_text(json.dumps(METADATA))

    def start(self) -> AbstractContextManager[subprocess.Popen[str]]:
        """The run of what was handed in, while it goes on."""
        return self._box.start([f"{self._box.root}/run_autograder"], self.python, False)

    def run(self, words: Sequence[str]) -> str:
        """What another command says in there."""
        return self._box.run(words, self.python, False).stdout

    def read_results(self) -> dict[str, Any]:
        """What was left. Raises OSError, and ValueError for what is no JSON object."""
        found = json.loads((self.folder / "results" / "results.json").read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError("it is no object")
        return found


@contextmanager
def rehearse(
    archive: Path, with_network: bool = False, system: Path | None = None, rules: bytes = b""
) -> Iterator[Rehearsal]:
    """The image of a zip, built; in another `system`, and under `rules`, where these are given; see Box.

    Raises UsageError for what is no such zip, and BuildFailed.
    """
    with tempfile.TemporaryDirectory(prefix="grader-try-") as temporary, small_machine() as machine:
        folder = Path(temporary)
        names = _names_in(archive)
        versions = {name.split("/")[1] for name in names if name.startswith("wheels/")} - {"any"}
        if "setup.sh" in names and not versions and not with_network:
            raise UsageError(
                f"{archive} was made with --thin: its packages come from the index when the image is built, and this "
                "rehearsal has no network. Let it use one: grader gradescope try --with-network"
            )
        python = _python_for(archive, versions) if system is None else Path("/usr/bin/python3")
        _unpack(archive, folder)
        box = make_box(folder, machine, system, rules)
        began = time.monotonic()
        run = box.run(["bash", f"{box.root}/source/setup.sh"], python, with_network)
        if run.returncode:
            raise BuildFailed(f"setup.sh ended with code {run.returncode}: the image would not be built.\n{run.stdout}")
        yield Rehearsal(box, python, Build(box.name, machine.words, time.monotonic() - began, run.stdout))


def _unpack(archive: Path, folder: Path) -> None:
    source = folder / "source"
    try:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(source)
    except (zipfile.BadZipFile, OSError) as error:
        raise UsageError(f"{archive}: this zip cannot be unpacked ({error}).") from error
    for name in ("setup.sh", "run_autograder"):
        if not (source / name).is_file():
            raise UsageError(f"{archive}: there is no {name} in it. Make one with: grader gradescope zip")
    shutil.copy(source / "run_autograder", folder / "run_autograder")
    (folder / "run_autograder").chmod(0o755 | stat.S_IXUSR)


def _names_in(archive: Path) -> list[str]:
    """Raises UsageError for what is no zip."""
    try:
        with zipfile.ZipFile(archive) as packed:
            return packed.namelist()
    except (zipfile.BadZipFile, OSError) as error:
        raise UsageError(f"{archive}: this is no zip that can be read ({error}).") from error


def _python_for(archive: Path, places: set[str]) -> Path:
    """An interpreter of this machine for which the zip has packages; the platform's has to be of that version, too."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not places or here in places:
        return Path(sys._base_executable if hasattr(sys, "_base_executable") else sys.executable).resolve()
    for version in sorted(places):
        found = _that_runs([f"python{version}", *_kept(version)])
        if found is not None:
            return found
    wanted = " or ".join(sorted(places))
    raise UsageError(
        f"{archive} has packages for Python {wanted}, and no such Python was found on this machine. To try it here, "
        f"make one for both: grader gradescope zip --python {','.join([*sorted(places), here])}"
    )


def _kept(version: str) -> Sequence[str]:
    """Where a version manager keeps its interpreters."""
    return [str(path) for path in sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))]


def _that_runs(names: Sequence[str]) -> Path | None:
    for name in names:
        path = shutil.which(name)
        if path and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
            return Path(path).resolve()
    return None
