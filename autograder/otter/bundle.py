"""An autograder zip: what `otter run` and platforms need to grade an assignment as we do. The same bytes every time.

It holds what is public of the assignment, and no solution: the answer key is the forward pass. No otter is needed.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder import __version__
from autograder.errors import UsageError
from autograder.records import Assignment
from autograder.release.test_files import otter_test_file

PLUGIN = "autograder.otter.plugin.GraderPlugin"

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip: the earliest one that the format has."""

RUN_AUTOGRADER = """\
#!/usr/bin/env bash
# Runs once for each submission, from the folder above `source` and `submission`.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# Not with -m, which would import from the working directory: there may lie a folder `autograder`, the platform's own.
run='import sys; del sys.path[0]; from autograder.otter.run import main; main(sys.argv[1])'
exec "${GRADER_PYTHON:-/opt/grader/bin/python}" -c "$run" "$root"
"""

SETUP = """\
#!/usr/bin/env bash
# Runs once, when a platform builds its image: Python, otter and the grader. No conda, no browser, no LaTeX.
set -euo pipefail
cd "$(dirname "${{BASH_SOURCE[0]}}")"
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends python3 python3-venv
python3 -m venv /opt/grader
/opt/grader/bin/python -m pip install --no-cache-dir '{grader}'
"""


def make_otter_zip(assignment: Assignment, path: Path, seed: int, wheel: Path | None = None) -> None:
    """Write the zip to `path`. `wheel` is ours, for machines that do not get it from an index.

    Raises UsageError for a wheel that is none of ours, and OSError.
    """
    if wheel is not None and not (wheel.is_file() and wheel.name.startswith("backprop_grader-")):
        raise UsageError(f"{wheel}: not a wheel of this grader, whose name begins with backprop_grader-.")
    beside = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in sorted(_members(assignment, seed, wheel)):
                member = zipfile.ZipInfo(name, LONG_AGO)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.external_attr = (0o755 if name in ("setup.sh", "run_autograder") else 0o644) << 16
                packed.writestr(member, content)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _members(assignment: Assignment, seed: int, wheel: Path | None) -> Iterator[tuple[str, bytes]]:
    grader = f"backprop-grader[otter]=={__version__}"
    if wheel is not None:
        grader = f"./wheels/{wheel.name}[otter]"
        yield f"wheels/{wheel.name}", wheel.read_bytes()
    yield "setup.sh", SETUP.format(grader=grader).encode()
    yield "run_autograder", RUN_AUTOGRADER.encode()
    yield "otter_config.json", (json.dumps(_config(assignment, seed), indent=2) + "\n").encode()
    for question in assignment.questions:
        yield f"tests/{question.name}.py", otter_test_file(assignment, question).encode()
    for file in _public_files(assignment):
        yield f"assignments/{assignment.name}/{file.relative_to(assignment.folder).as_posix()}", file.read_bytes()


def _config(assignment: Assignment, seed: int) -> Mapping[str, Any]:
    """Otter's settings: our plugin, and who sees the boxes of questions, for which otter has one word for them all.

    Where all questions are visible, each has a box of its own. Else students see the visible ones in one box, and the
    boxes stay hidden, or are shown with the grades if nothing needs to stay hidden longer than that.
    """
    seen = {question.visibility for question in assignment.questions}
    return {
        "show_hidden": seen <= {"visible", "after_published"},
        "show_all_public": seen == {"visible"},
        "force_public_test_summary": seen != {"visible"},
        "show_stdout": False,
        "plugins": [{PLUGIN: {"assignment": assignment.name, "seed": seed}}],
    }


def _public_files(assignment: Assignment) -> list[Path]:
    """What grading needs of the assignment's public folder: all but the handout."""
    handout = {assignment.folder / name for name in (f"{assignment.name}.py", f"{assignment.name}.ipynb", "tests")}
    files = [file for file in assignment.folder.rglob("*") if file.is_file() and not file.is_symlink()]
    return sorted(
        file
        for file in files
        if not handout & {file, *file.parents}
        and not any(part.startswith((".", "__")) for part in file.relative_to(assignment.folder).parts)
    )
