"""What is installed: the two packages, the public assignment and the words; never a solution."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("backprop_grader-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.mark.parametrize(
    "path",
    ["assignment.toml", "forward.py", "backprop.py", "backprop.ipynb"],
)
def test_the_wheel_carries_the_public_assignment(names: list[str], path: str) -> None:
    """`grader check hw.py` works wherever the wheel is installed."""
    assert f"autograder/assignments/backprop/{path}" in names


@pytest.mark.parametrize(
    "path",
    [
        "autograder/render/words/en.toml",
        "autograder/render/templates/class_page.html",
        "autograder/render/templates/page.css",
        "autograder/results.schema.json",
    ],
)
def test_the_wheel_carries_what_the_packages_read(names: list[str], path: str) -> None:
    """Data files beside the code are easily forgotten."""
    assert path in names


def test_the_wheel_carries_no_solution_and_no_test(names: list[str]) -> None:
    """Students install it."""
    assert {Path(name).parts[0].partition("-")[0] for name in names} == {"autograder", "grader_cli", "backprop_grader"}
    assert not [name for name in names if "solution" in name or "wrong" in name]
