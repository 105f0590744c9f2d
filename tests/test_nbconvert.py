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

pytestmark = pytest.mark.notebook

NOTEBOOKS: dict[str, tuple[Callable[[Path], Path], tuple[str, ...]]] = {
    "handout": (unpack_handout, ("○ {name}   Not started", "– {name}   Skipped")),
    "solved": (lambda folder: solved(unpack_handout(folder)), ("✓ {name}   Passed",)),
    "master": (unpack_master, ("✓ {name}   Passed",)),
}
"""Who puts a notebook into an empty folder, and how each of its checks may begin: what trains functions that nobody has
written is skipped."""


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


@pytest.mark.parametrize(("unpack", "begins"), NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_every_cell_runs_and_every_check_says_the_same(
    unpack: Callable[[Path], Path], begins: tuple[str, ...], tmp_path: Path
) -> None:
    """No exception in any cell: whoever has written nothing is told "Not started", and the solution has passed."""
    folder, home = tmp_path / "homework", tmp_path / "home"
    folder.mkdir()

    notebook = executed(unpack(folder), home)

    outputs = [(cell.source, output) for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [(source, output.evalue) for source, output in outputs if output.output_type == "error"] == []
    checks = {
        name: output.data["text/plain"]
        for source, output in outputs
        for name in re.findall(r'^grader\.check\("(\w+)"\)$', source, re.MULTILINE)
    }
    assert len(checks) == 12
    strange = [name for name in checks if not checks[name].startswith(tuple(one.format(name=name) for one in begins))]
    assert strange == []
