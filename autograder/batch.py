"""Many submissions, one report each, in order. A submission that breaks something costs nobody else a grade."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue

from autograder.errors import SandboxError
from autograder.grading import Exam, error_report, grade, unreadable_report
from autograder.load.layouts import Found, load_submission
from autograder.records import Assignment, Note, Report
from autograder.sandbox.client import Sandbox
from autograder.sandbox.isolation import PROMISES, Isolation
from autograder.sandbox.nest import Nest, usual_jobs


@contextmanager
def open_sandboxes(
    assignment: Assignment, jobs: int | None = None, submissions: int = 1, nest: Nest | None = None
) -> Iterator[list[Sandbox]]:
    """A sandbox for each job that has something to do. Their zygotes start while the caller goes on.

    The first one lives in `nest`, if that is given: a place where one has been starting already.
    """
    with ExitStack() as stack:
        lanes = max(1, min(jobs or usual_jobs(), submissions))
        nests = [nest, *[None] * (lanes - 1)]
        yield [stack.enter_context(Sandbox(assignment, one)) for one in nests]


def probe_walls(sandboxes: Sequence[Sandbox], required: Collection[str] = ()) -> Isolation:
    """What holds a student's code on this machine, tried in the first sandbox; all workers have to be sealed like that.

    Raises SandboxError when one of the `required` walls does not stand.
    """
    first, *others = sandboxes
    isolation = first.probe()
    for sandbox in others:
        sandbox.required = first.required
    for wall in PROMISES:
        if wall in required and isolation.walls[wall] != "active":
            raise SandboxError(
                f"The wall `{wall}` is {isolation.walls[wall]} on this machine, and --require asks for it: a "
                f"submission can {', '.join(isolation.possible[wall])}. `grader doctor` shows the missing layers."
            )
    return isolation


def grade_many(exam: Exam, found: Iterable[Found], jobs: int | None = None) -> Iterator[Report]:
    """The report of each submission, in the order of `found`, `jobs` at a time."""
    waiting = list(found)
    with open_sandboxes(exam.assignment, jobs, len(waiting)) as sandboxes:
        yield from grade_in(exam, waiting, sandboxes)


def grade_in(exam: Exam, found: Sequence[Found], sandboxes: Sequence[Sandbox]) -> Iterator[Report]:
    """The report of each submission, in the order of `found`, one at a time in each of the sandboxes."""
    free: SimpleQueue[Sandbox] = SimpleQueue()
    for sandbox in sandboxes:
        free.put(sandbox)
    if len(sandboxes) == 1:
        for one in found:
            yield _grade_found(exam, one, free)
        return
    from concurrent.futures import Future, ThreadPoolExecutor  # brings logging, which one file does without

    pool = ThreadPoolExecutor(len(sandboxes))
    try:
        futures: list[Future[Report]] = [pool.submit(_grade_found, exam, one, free) for one in found]
        for future in futures:
            yield future.result()
    except BaseException:  # Ctrl-C, or nobody wants the rest: what has begun ends at once
        for sandbox in sandboxes:
            sandbox.abandon()
        raise
    finally:  # and what has not begun does not begin
        pool.shutdown(wait=True, cancel_futures=True)


def _grade_found(exam: Exam, found: Found, free: SimpleQueue[Sandbox]) -> Report:
    submission = load_submission(found)
    if isinstance(submission, Note):
        return unreadable_report(exam, found.name, submission)
    sandbox = free.get()
    try:
        return grade(exam, submission, sandbox)
    except Exception as error:  # ours, whatever it is: told in the report, and the class goes on
        note = Note("grader-fault", {"text": f"{type(error).__name__}: {error}"})
        return error_report(exam, found.name, note)
    finally:
        free.put(sandbox)
