"""The command in a process of its own, and folders to grade: what the tests of whole classes share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import SOLUTIONS

GRADER = [sys.executable, "-c", "from grader_cli.main import main; main()"]
SOLUTION = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")
WITHOUT_ADD = SOLUTION.replace("def add_backward", "def other_backward")


def grader(*args: object, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    words = [*GRADER, *map(str, args)]
    return subprocess.run(words, capture_output=True, text=True, cwd=cwd, env={**os.environ, **env}, check=False)


def start_grader(*args: object, cwd: Path) -> subprocess.Popen[str]:
    """The command, running, in a session of its own."""
    return subprocess.Popen(
        [*GRADER, *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        start_new_session=True,
    )


def make_files(folder: Path, count: int) -> Path:
    """A class whose files are quickly graded: the same few, so that few decks are drawn; one of them is no Python."""
    folder.mkdir()
    for number in range(count):
        source = (SOLUTION, WITHOUT_ADD, "def add_backward(:\n")[number % 3]
        (folder / f"s{number:04}.py").write_text(source, encoding="utf-8")
    return folder


def wait_for_lines(file: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Until so many results are there, or the grader has ended."""
    while process.poll() is None:
        if file.exists() and file.read_bytes().count(b"\n") >= count:
            return
        os.sched_yield()


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a folder and what is in them."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
