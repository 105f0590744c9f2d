"""What runs in GitHub Actions, in a plain repository: prints the report, and leaves it as the summary of the job."""

from __future__ import annotations

import secrets
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path

from autograder.hosts.one_folder import grade_folder
from autograder.records import ReportOutcome
from autograder.render.card import render_report
from autograder.render.feedback import load_host_words, load_screen_words
from autograder.render.fences import plain
from autograder.render.markdown_page import render_markdown
from autograder.render.strip import is_finished

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"


def main(host: Path, checkout: Path, environment: Mapping[str, str]) -> int:
    """As `grader check`: 0 when all is right, 1 while something is not, 3 for a fault of the grader."""
    try:
        graded = grade_folder(checkout, host, environment)
    except Exception:
        traceback.print_exc(file=sys.stderr)
        return 3
    report, assignment = graded.report, graded.assignment
    words, screen = load_host_words(assignment.language), load_screen_words(assignment.language)
    token = secrets.token_hex(16)  # between these lines, the runner takes nothing for a command
    print(f"::stop-commands::{token}\n{plain(render_report(report, screen))}\n::{token}::")
    if environment.get(SUMMARY_VARIABLE):
        with open(environment[SUMMARY_VARIABLE], "a", encoding="utf-8") as summary:
            summary.write(render_markdown(report, assignment.title, words, screen))
    if report.outcome is ReportOutcome.ERROR:
        return 3
    return 0 if is_finished(report) else 1
