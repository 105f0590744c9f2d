"""What runs in PrairieLearn's container: grades what was handed in, or leaves the result that says why not."""

from __future__ import annotations

import json
import signal
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path

from autograder.hosts.one_folder import grade_folder
from autograder.hosts.results import write_whole
from autograder.render.feedback import load_host_words, load_screen_words
from autograder.render.prairielearn import prairielearn_results

ROOT_VARIABLE = "GRADE_ROOT"
MOST_SECONDS = 140
"""Less than the `timeout` of the question, after which PrairieLearn would show nothing at all."""


def main(host: Path, environment: Mapping[str, str]) -> int:
    """0 with results that replace those of `run.sh`, else 3. A traceback goes to the log."""
    if hasattr(signal, "alarm"):
        signal.alarm(MOST_SECONDS)
    root = Path(environment.get(ROOT_VARIABLE, "/grade"))
    try:
        graded = grade_folder(root / "student", host, environment)
        language = graded.assignment.language
        document = prairielearn_results(graded.report, load_host_words(language), load_screen_words(language))
        text = json.dumps(document, ensure_ascii=True, allow_nan=False, indent=1)
        write_whole(text, root / "results" / "results.json")
    except Exception:
        traceback.print_exc(file=sys.stderr)
        return 3
    return 0
