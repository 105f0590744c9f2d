"""What runs in Classroom 50's runner, in the checkout of one student: leaves result.json and a page beside it."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from autograder.hosts.one_folder import grade_folder
from autograder.hosts.results import clear_way, write_whole
from autograder.records import ReportOutcome
from autograder.render.classroom50 import classroom50_result
from autograder.render.feedback import load_host_words, load_screen_words
from autograder.render.markdown_page import render_markdown

RESULT, PAGE = "result.json", "release-body.md"

FAULT = 3
"""The runner makes of every exit code but 0 a result that says "error", and no score."""

IDENTITY = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}
"""Fields of the result, and the variables in which the runner tells them."""


def main(host: Path, checkout: Path, environment: Mapping[str, str]) -> int:
    """0 with a result, whatever the score; 3 without one, where the grader is at fault."""
    for name in (RESULT, PAGE):
        clear_way(checkout / name)  # of the student's, who may have committed one
    try:
        graded = grade_folder(checkout, host, environment)
    except Exception:  # ours, whatever it is: in the log, and no score
        traceback.print_exc(file=sys.stderr)
        return FAULT
    report, language = graded.report, graded.assignment.language
    words, screen = load_host_words(language), load_screen_words(language)
    if report.outcome is ReportOutcome.ERROR:
        print("\n".join([words["ours"], *(note.message for note in report.notes)]), file=sys.stderr)
        return FAULT
    identity = {field: environment.get(variable, "") for field, variable in IDENTITY.items()}
    identity["review"] = identity["review"] or identity["commit"]
    identity["datetime"] = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    document = classroom50_result(report, identity, words, screen)
    write_whole(json.dumps(document, ensure_ascii=True, allow_nan=False, indent=1), checkout / RESULT)
    write_whole(render_markdown(report, graded.assignment.title, words, screen), checkout / PAGE)
    print(f"{report.score} / {report.max_score}")
    return 0
