"""Many submissions, one report each, in order. A submission that breaks something costs nobody else a grade."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue

from autograder.grading import Exam, error_report, grade, unreadable_report
from autograder.load.layouts import Found, load_submission
from autograder.records import Note, Report
from autograder.sandbox.client import Sandbox


def usual_jobs() -> int:
    """Submissions at a time: one for each processor that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def grade_many(exam: Exam, found: Iterable[Found], jobs: int | None = None) -> Iterator[Report]:
    """The report of each submission, in the order of `found`, `jobs` at a time."""
    waiting = list(found)
    lanes = min(jobs or usual_jobs(), max(1, len(waiting)))
    with ExitStack() as stack:
        sandboxes: SimpleQueue[Sandbox] = SimpleQueue()
        for _ in range(lanes):
            sandboxes.put(stack.enter_context(Sandbox(exam.assignment)))
        pool = stack.enter_context(ThreadPoolExecutor(lanes))
        try:
            futures: list[Future[Report]] = [pool.submit(_grade_found, exam, one, sandboxes) for one in waiting]
            for future in futures:
                yield future.result()
        finally:  # after Ctrl-C or an early end, what has not begun does not begin
            pool.shutdown(wait=True, cancel_futures=True)


def _grade_found(exam: Exam, found: Found, sandboxes: SimpleQueue[Sandbox]) -> Report:
    submission = load_submission(found)
    if isinstance(submission, Note):
        return unreadable_report(exam, found.name, submission)
    sandbox = sandboxes.get()
    try:
        return grade(exam, submission, sandbox)
    except Exception as error:  # ours, whatever it is: told in the report, and the class goes on
        note = Note("grader-fault", {"text": f"{type(error).__name__}: {error}"})
        return error_report(exam, found.name, note)
    finally:
        sandboxes.put(sandbox)
