"""Many submissions, one report each, in order. A submission that breaks something costs nobody else a grade."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from autograder.errors import SandboxError
from autograder.exams import Exam, Exams, with_reference
from autograder.grading import ask, grade, grade_answers
from autograder.judging import error_report, unreadable_report
from autograder.load.layouts import Found, load_submission
from autograder.records import Assignment, Note, Report, Results, Submission
from autograder.sandbox.client import Sandbox
from autograder.sandbox.isolation import PROMISES, Isolation
from autograder.sandbox.nest import Nest, usual_jobs

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

AHEAD = 200
"""Submissions that may be begun before the report of the first of them is there: one that loops for a while holds
nobody up, and a class of thousands needs no more memory than one of hundreds."""


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


def grade_class(
    assignment: Assignment,
    seed: int,
    found: Sequence[Found],
    jobs: int | None,
    nest: Nest,
    required: Collection[str],
    progress: Callable[[Iterator[Report], int], Iterable[Report]],
) -> Results:
    """The results of a run. Zygotes start, and the walls are tried, while the first deck is drawn.

    `progress` may watch the reports of several go by. Raises AssignmentError when the assignment is broken, and
    SandboxError when no worker can be had, or a `required` wall does not stand.
    """
    exams = Exams(assignment, seed)
    with open_sandboxes(assignment, jobs, len(found), nest) as sandboxes:
        walls: dict[str, str] = {}
        started = time.monotonic()

        def probe() -> None:
            walls.update(probe_walls(sandboxes, required).walls)

        if len(found) == 1:
            reports: tuple[Report, ...] = (grade_one(exams, found[0], sandboxes[0], probe),)
        else:
            probe()
            reports = tuple(progress(grade_in(exams, found, sandboxes), len(found)))
        seconds = round(time.monotonic() - started, 1)
    return Results(assignment.name, assignment.version, seed, walls, seconds, reports)


def grade_many(exams: Exam | Exams, found: Iterable[Found], jobs: int | None = None) -> Iterator[Report]:
    """The report of each submission, in the order of `found`, `jobs` at a time."""
    waiting = list(found)
    with open_sandboxes(exams.assignment, jobs, len(waiting)) as sandboxes:
        yield from grade_in(exams, waiting, sandboxes)


def grade_in(
    exams: Exam | Exams, found: Sequence[Found], sandboxes: Sequence[Sandbox]
) -> Generator[Report, None, None]:
    """The report of each submission, in the order of `found`, one at a time in each of the sandboxes."""
    free = _free(sandboxes)
    if len(sandboxes) == 1:
        yield from (_grade_found(exams, one, free) for one in found)
        return
    with _pool_of(sandboxes) as pool:
        waiting = iter(found)
        futures: deque[Future[Report]] = deque()
        while True:  # neither all that is to come nor a report that has been handed out is kept
            some = islice(waiting, AHEAD - len(futures))
            futures.extend(pool.submit(_grade_found, exams, one, free) for one in some)
            if not futures:
                return
            yield futures.popleft().result()


def grade_as_they_end(
    exams: Exam | Exams, found: Sequence[Found], sandboxes: Sequence[Sandbox]
) -> Generator[tuple[Found, Report], None, None]:
    """Each submission with its report, as soon as there is one: a slow one holds nobody's up."""
    free = _free(sandboxes)
    if len(sandboxes) == 1:
        yield from ((one, _grade_found(exams, one, free)) for one in found)
        return
    with _pool_of(sandboxes) as pool:
        waiting = iter(found)
        ended: SimpleQueue[tuple[Found, Future[Report]]] = SimpleQueue()

        def begin(some: Iterable[Found]) -> int:
            futures = [(one, pool.submit(_grade_found, exams, one, free)) for one in some]
            for one, future in futures:
                future.add_done_callback(lambda future, one=one: ended.put((one, future)))  # type: ignore[misc]
            return len(futures)

        begun = begin(islice(waiting, 2 * len(sandboxes)))  # the next one need not wait for whoever writes this one
        while begun:
            one, future = ended.get()
            begun += begin(islice(waiting, 1)) - 1
            yield one, future.result()


def _free(sandboxes: Sequence[Sandbox]) -> SimpleQueue[Sandbox]:
    """Those that nobody uses just now."""
    free: SimpleQueue[Sandbox] = SimpleQueue()
    for sandbox in sandboxes:
        free.put(sandbox)
    return free


@contextmanager
def _pool_of(sandboxes: Sequence[Sandbox]) -> Iterator[ThreadPoolExecutor]:
    """A thread for each. What has begun ends at once when an exception leads out of here."""
    from concurrent.futures import ThreadPoolExecutor  # brings logging, which one file does without

    pool = ThreadPoolExecutor(len(sandboxes))
    try:
        yield pool
    except BaseException:  # Ctrl-C, or nobody wants the rest
        for sandbox in sandboxes:
            sandbox.abandon()
        raise
    finally:  # and what has not begun does not begin
        pool.shutdown(wait=True, cancel_futures=True)


def grade_one(exams: Exams, found: Found, sandbox: Sandbox, before: Callable[[], object]) -> Report:
    """The report of one submission, as quickly as it can be had: its worker answers while the reference is made.

    `before` is done beside, before the worker is asked for anything. Raises what that raises, and AssignmentError.
    """
    beginning = _Beside(before)
    try:
        submission = load_submission(found)
        if isinstance(submission, Note):
            beginning.result()
            return ungraded(exams, found.name, submission)
        paper = exams.paper_of(submission)
        beginning.result()
        asking = _Beside(lambda: ask(paper, submission, sandbox))
        exam = with_reference(paper)
        return _or_error(exam, found.name, lambda: grade_answers(exam, submission, sandbox, asking.result()))
    except BaseException:
        sandbox.abandon()
        raise


class _Beside(Thread):
    """Something that is done in a thread of its own, begun at once."""

    def __init__(self, do: Callable[[], Any]) -> None:
        super().__init__()
        self._do = do
        self._result: Any = None
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._result = self._do()
        except BaseException as error:
            self._error = error

    def result(self) -> Any:
        """What it gave, or raises what it raised; waits for it."""
        self.join()
        if self._error is not None:
            raise self._error
        return self._result


def ungraded(exams: Exam | Exams, name: str, reason: Note) -> Report:
    """The report of a submission that there is nothing to read of. Raises AssignmentError."""
    exam = exams.of(_nothing(name))
    return _or_error(exam, name, lambda: unreadable_report(exam, name, reason))


def faulty(exams: Exam | Exams, name: str, error: Exception) -> Report:
    """The report of a submission on which the grader itself failed. Raises AssignmentError."""
    return _fault(exams.of(_nothing(name)), name, error)


def _grade_found(exams: Exam | Exams, found: Found, free: SimpleQueue[Sandbox]) -> Report:
    try:
        submission = load_submission(found)
    except Exception as error:  # an archive of a kind that nobody thought of
        return faulty(exams, found.name, error)
    if isinstance(submission, Note):
        return ungraded(exams, found.name, submission)
    exam = exams.of(submission)
    sandbox = free.get()
    try:
        return _or_error(exam, found.name, lambda: grade(exam, submission, sandbox))
    finally:
        free.put(sandbox)


def _nothing(name: str) -> Submission:
    """In place of a submission that could not be read."""
    return Submission(name, "script", b"")


def _or_error(exam: Exam, name: str, report: Callable[[], Report]) -> Report:
    try:
        return report()
    except Exception as error:  # ours, whatever it is: told in the report, and the class goes on
        return _fault(exam, name, error)


def _fault(exam: Exam, name: str, error: Exception) -> Report:
    return error_report(exam, name, Note("grader-fault", {"text": f"{type(error).__name__}: {error}"}))
