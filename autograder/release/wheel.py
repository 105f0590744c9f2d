"""Our own wheel, built from the clone that this package lies in: the same bytes for the same files."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.errors import UsageError

EPOCH = "1577836800"
"""The time that everything in the wheel bears, so that it depends on nothing but its files: 2020 began."""

NO_CLONE = (
    "This grader was installed without a clone of its repository, so the wheel for students cannot be built. "
    "What to try: clone the repository, pip install -e '.[otter]' hatchling in it, and run the same command there"
)
NO_HATCHLING = "The wheel for students is built by hatchling, which is not here. What to try: pip install hatchling"


def find_clone() -> Path | None:
    """The folder of the repository, where this package runs from one."""
    root = Path(__file__).resolve().parent.parent.parent
    return root if (root / "pyproject.toml").is_file() and (root / "grader_cli").is_dir() else None


def build_wheel(clone: Path | None) -> tuple[str, bytes]:
    """The name and the bytes of the wheel. Raises UsageError where there is no clone, or nothing to build it with."""
    if clone is None:
        raise UsageError(f"{NO_CLONE}.")
    if importlib.util.find_spec("hatchling") is None:
        raise UsageError(f"{NO_HATCHLING}.")
    with tempfile.TemporaryDirectory(prefix="grader-wheel-") as folder:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        own = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
        done = subprocess.run(command, cwd=clone, env=own, capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode != 0 or len(wheels) != 1:
            why = (done.stderr.strip() or done.stdout.strip() or "it made no wheel").splitlines()[-1]
            raise UsageError(f"hatchling could not build the wheel in {clone}: {why}.")
        return wheels[0].name, wheels[0].read_bytes()
