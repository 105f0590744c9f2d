"""`otter assign`, run on a master into a fresh folder: it deletes what it finds. otter is imported on use."""

from __future__ import annotations

import importlib
import importlib.util
import io
import json
import tempfile
import warnings
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import BuildError, UsageError
from autograder.release.handout import Cells, read_notebook


@dataclass(frozen=True)
class Assigned:
    """What otter makes of a master: the cells of students, those with the solutions, and the tests of its own cells.

    `metadata` is what the students' notebook says to otter.
    """

    student: Cells
    solved: Cells
    tests: Mapping[str, str]
    metadata: Mapping[str, Any]


def need_otter() -> None:
    """Nothing, where otter is installed. Raises UsageError that says how to get it."""
    if importlib.util.find_spec("otter") is None:
        raise UsageError(
            "otter-grader is not installed, and a master is taken apart by it. "
            "What to try: pip install 'backprop-grader[otter]'"
        )


def run_otter_assign(master: Path) -> Assigned:
    """Both notebooks that `otter assign` makes, and its test files by question.

    Raises UsageError without otter, and BuildError in otter's words where it cannot read the master. No tests are run:
    those are ours, and `grader verify` runs them on the solution.
    """
    need_otter()
    with tempfile.TemporaryDirectory(prefix="grader-build-") as folder:
        _assign(master, folder)
        student, solved = (
            Path(folder, kind, master.name).read_text(encoding="utf-8") for kind in ("student", "autograder")
        )
        files = {
            file.stem: file.read_text(encoding="utf-8") for file in sorted(Path(folder).glob("student/tests/*.py"))
        }
    metadata = dict(json.loads(student)["metadata"].get("otter", {}))
    within = metadata.pop("tests", {})  # where the master does not ask for files
    metadata.pop("OK_FORMAT", None)
    return Assigned(read_notebook(student), read_notebook(solved), {**within, **files}, metadata)


def _assign(master: Path, folder: str) -> None:
    said = io.StringIO()
    with warnings.catch_warnings(), redirect_stdout(said), redirect_stderr(said):
        warnings.simplefilter("ignore")  # otter's libraries warn of one another
        assign: Any = importlib.import_module("otter.assign")
        try:
            assign.main(str(master), folder, no_pdfs=True, no_run_tests=True)
        except Exception as error:  # otter raises whatever comes first
            got = " ".join(str(error).split()) or type(error).__name__
            raise BuildError(str(master), "", wanted="a master that otter assign accepts", got=got) from error
