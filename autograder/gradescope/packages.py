"""The packages that grading needs, as wheels for the Pythons of an image; fetched by pip."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.errors import UsageError

FOR_ANY = ("fastjsonschema>=2.16",)
FOR_OLDEST = ("tomli>=2",)
"""Python 3.10 has no TOML of its own."""

FOR_EACH = ("numpy>=1.26",)
OLDEST = "3.10"

PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_27_x86_64", "manylinux_2_28_x86_64")
"""Those that Ubuntu 22.04 and everything newer can use; numpy has changed from one to the other."""


def requirements() -> str:
    """For pip, where the image fetches packages itself."""
    return "".join(f"{line}\n" for line in (*FOR_EACH, *FOR_ANY, f"{FOR_OLDEST[0]}; python_version < '3.11'"))


def fetch_wheels(pythons: Sequence[str]) -> dict[str, bytes]:
    """`{"any/fastjsonschema-….whl": …, "3.10/numpy-….whl": …}`. Raises UsageError with what pip says."""
    found: dict[str, bytes] = {}
    any_python = [*FOR_ANY, *(FOR_OLDEST if OLDEST in pythons else ())]
    with tempfile.TemporaryDirectory(prefix="grader-wheels-") as folder:
        for place, version, wanted in (
            ("any", pythons[0], any_python),
            *((version, version, FOR_EACH) for version in pythons),
        ):
            there = Path(folder, place)
            _download(there, version, wanted)
            found |= {f"{place}/{file.name}": file.read_bytes() for file in sorted(there.glob("*.whl"))}
    return found


def _download(folder: Path, python: str, wanted: Sequence[str]) -> None:
    platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *("--only-binary=:all:", "--implementation", "cp", "--python-version", python, *platforms),
        *("--dest", str(folder), *wanted),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = next((line for line in reversed(done.stderr.splitlines()) if line.startswith("ERROR")), "pip failed")
        raise UsageError(
            f"{', '.join(wanted)} for Python {python} could not be fetched: {said.removeprefix('ERROR: ')}\n"
            "Is there a package index? With --thin, the image fetches its packages itself when it is built."
        )
