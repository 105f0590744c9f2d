"""Otter's grading run on a platform, from `run_autograder`: it always leaves results.json.

Plain `otter run` leaves nothing where it cannot read a notebook, where there are two, or where its kernel dies. What we
grade does not need that kernel, so its result stands then.
"""

from __future__ import annotations

import json
import shutil
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from otter.run import run_autograder
from otter.test_files import GradingResults

from autograder.load.archives import KINDS
from autograder.otter.plugin import NAME, GraderPlugin
from autograder.otter.submitted import HANDED_IN, what_was_set_aside

CONFIG = "otter_config.json"


def run(root: Path) -> None:
    """Grade `root/submission` by what was unpacked in `root/source`, into `root/results/results.json`."""
    written = root / "results" / "results.json"
    written.parent.mkdir(exist_ok=True)
    written.unlink(missing_ok=True)
    shutil.rmtree(root / HANDED_IN, ignore_errors=True)
    try:
        run_autograder.main(str(root), logo=False, otter_run=True)  # in the kernel of this Python: there is no conda
    except Exception:
        traceback.print_exc()  # for the instructor
        if not written.exists():
            written.write_text(json.dumps(_results_without_otter(root), indent=4), encoding="utf-8")


def _results_without_otter(root: Path) -> dict[str, Any]:
    """What results.json would hold if otter had come to its end."""
    config = json.loads((root / "source" / CONFIG).read_text(encoding="utf-8"))
    plugin = GraderPlugin(str(_submission_in(root / "submission")), {}, _settings(config))
    plugin.before_grading(None)
    results = GradingResults([])
    plugin.after_grading(results)
    print(plugin.generate_report())
    document: dict[str, Any] = results.to_gradescope_dict(run_autograder.AutograderConfig(config))
    return document


def _submission_in(folder: Path) -> Path:
    """The file that otter would grade."""
    candidates = [file for suffix in KINDS for file in sorted(folder.glob(f"*{suffix}")) if file.name != "__init__.py"]
    return what_was_set_aside(folder) or next(iter(candidates), folder / "nothing.ipynb")


def _settings(config: Mapping[str, Any]) -> Mapping[str, Any]:
    named: list[Mapping[str, Any]] = [one for one in config["plugins"] if isinstance(one, dict)]
    settings: Mapping[str, Any] = next(one[NAME] for one in named if NAME in one)
    return settings


def main(root: str) -> None:
    run(Path(root).resolve())
