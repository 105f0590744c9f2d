"""The notebooks run from top to bottom without a person: with nothing written, and with everything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from handouts import solved, unpack_handout, unpack_master

from autograder.exams import Exam

pytestmark = pytest.mark.notebook

NOTEBOOKS: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "handout": (unpack_handout, "○ {name}   Not started", "– {name}   Skipped"),
    "solved": (lambda folder: solved(unpack_handout(folder)), "✓ {name}   Passed", "✓ {name}   Passed"),
    "master": (unpack_master, "✓ {name}   Passed", "✓ {name}   Passed"),
}
"""Who puts a notebook into an empty folder, how checks of functions begin, and how those of training."""


def executed(file: Path, home: Path) -> nbformat.NotebookNode:
    """The notebook after all of its cells were run; a cell that fails does not keep the others from running."""
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--stdout"]
    places = {name: str(home) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    done = subprocess.run(
        [*command, file.name],
        cwd=file.parent,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **places, "IPYTHONDIR": str(home)},
    )
    assert done.returncode == 0, done.stderr
    return nbformat.reads(done.stdout, as_version=4)


@pytest.mark.parametrize(("unpack", "written", "trained"), NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_every_cell_runs_and_every_check_says_the_same(
    unpack: Callable[[Path], Path], written: str, trained: str, tmp_path: Path, exam: Exam
) -> None:
    """No exception in any cell: whoever has written nothing is told "Not started", and the solution has passed."""
    folder, home = tmp_path / "homework", tmp_path / "home"
    folder.mkdir()

    notebook = executed(unpack(folder), home)

    outputs = [(cell.source, output) for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [(source, output.evalue) for source, output in outputs if output.output_type == "error"] == []
    begins = {one.name: (written if one.function else trained) for one in exam.assignment.questions}
    checks = {
        name: output.data["text/plain"]
        for source, output in outputs
        for name in re.findall(r'^grader\.check\("(\w+)"\)$', source, re.MULTILINE)
        if output.output_type == "execute_result"
    }
    assert {one.name for one in exam.assignment.questions if one.function} <= set(checks)
    assert {name: text for name, text in checks.items() if not text.startswith(begins[name].format(name=name))} == {}
