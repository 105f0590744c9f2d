"""A class into a folder: graded line by line, from wherever an earlier run was stopped."""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.batch import faulty, grade_as_they_end, open_sandboxes, probe_walls, ungraded
from autograder.errors import UsageError
from autograder.exams import Exams
from autograder.gradebook import Entry, Export, Handin, Override, Policy
from autograder.grades.class_file import ClassFile, read_class_file, write_class_file
from autograder.grades.folder import RESULTS
from autograder.grades.ledger import Ledger, Place, Stamp, cut_torn_line, handin_to_json, line_of, read_places
from autograder.grades.outputs import out_of_room
from autograder.grades.settling import settle
from autograder.load.layouts import Found, load_submission
from autograder.records import Assignment, Note, Submission
from autograder.render.feedback import Catalogue, explain_note
from autograder.sandbox.client import Sandbox
from autograder.sandbox.nest import Nest

Progress = Callable[[Iterator[Entry], int], Iterable[Entry]]


@dataclass(frozen=True)
class Course:
    """What a run is about: the assignment, its seed, who handed in what, and what is made of late work."""

    assignment: Assignment
    seed: int
    export: Export
    policy: Policy
    overrides: tuple[Override, ...] = ()

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.assignment.name, self.assignment.version, self.seed)


@dataclass(frozen=True)
class Workers:
    """How it is graded: so many at a time, the first in a place that has been starting, behind required walls."""

    jobs: int | None
    nest: Nest
    required: Collection[str] = ()


@dataclass(frozen=True)
class Plan:
    """What has to be done. `todo` are in the order of the export; `done` counts what is graded already.

    `handins` are all of the export, as results have them; `remarks` are sentences on what an earlier run left behind.
    """

    handins: tuple[Handin, ...]
    todo: tuple[tuple[Handin, str], ...]
    done: int
    places: dict[str, Place]
    remarks: tuple[str, ...] = ()


def make_plan(folder: Path, course: Course) -> Plan:
    """What of the export is graded in the folder already, with the same content, version and seed.

    Cuts off a line that was being written when a run was killed. Raises UsageError for the results of another
    assignment, and for files that somebody else has written into; and OSError.
    """
    file = folder / RESULTS
    remarks = []
    if cut_torn_line(file):
        remarks.append(
            f"{file}: the last line was cut short when grading was stopped. That submission is graded again."
        )
    places = read_places(file)
    other = next((place.stamp.assignment for place in places.values()), course.stamp.assignment)
    if other != course.stamp.assignment:
        raise UsageError(
            f"{folder}: holds the results of {other}, not of {course.stamp.assignment}. "
            "Choose another folder with --out, or the assignment with -a."
        )
    catalogue = Catalogue.load(course.assignment)
    handins = tuple(with_words(handin, catalogue) for handin in course.export.handins)
    todo, why = [], Counter[str]()
    for handin in handins:
        digest, place = digest_of(handin), places.get(handin.name)
        changed = _changed(place, digest, course.stamp)
        if place is None or changed:
            todo.append((handin, digest))
            why.update(changed)
    remarks += [f"{text}: {counted(count)} graded anew." for text, count in why.items()]
    return Plan(handins, tuple(todo), len(handins) - len(todo), places, tuple(remarks))


def _changed(place: Place | None, digest: str, stamp: Stamp) -> list[str]:
    """Why a line that is there does not count."""
    if place is None:
        return []
    if not place.is_final:
        return ["The grader failed on them before"]
    if place.stamp.version != stamp.version:
        return [f"Version {stamp.version} of the assignment in place of {place.stamp.version}"]
    if place.stamp.seed != stamp.seed:
        return [f"Seed {stamp.seed} in place of {place.stamp.seed}"]
    return ["Another file than before"] if place.digest != digest else []


def counted(number: int) -> str:
    return f"{number} submission{' is' if number == 1 else 's are'}"


def with_words(handin: Handin, catalogue: Catalogue) -> Handin:
    """The hand-in, with a sentence in each note."""
    return replace(handin, notes=tuple(explain_note(note, catalogue) for note in handin.notes))


def digest_of(handin: Handin) -> str:
    """The SHA-256 of what will be graded; "" where there is nothing to read."""
    if handin.path is None:
        return ""
    with contextlib.suppress(Exception):  # the report will say what is the matter with it
        submission = load_submission(Found(handin.name, handin.path))
        if isinstance(submission, Submission):
            return hashlib.sha256(submission.source).hexdigest()
    return ""


def grade_into(folder: Path, course: Course, plan: Plan, workers: Workers, progress: Progress) -> str | None:
    """Grade what is to be done, and write down each report at once. Then all lines are in the order of the export.

    Returns the file in which results are kept that do not belong to this class any more, if there are any. Raises
    GraderError where the disk is full, with all that was graded before; AssignmentError and SandboxError.
    """
    exams = Exams(course.assignment, course.seed)
    file = folder / RESULTS
    try:
        with open_sandboxes(course.assignment, workers.jobs, len(plan.todo), workers.nest) as sandboxes:
            walls = _walls_of_before(folder, plan) or probe_walls(sandboxes, workers.required).walls
            write_class_file(folder, _facts(course, len(plan.handins), walls))
            with Ledger(file) as ledger, closing(_entries(exams, plan.todo, sandboxes)) as entries:
                for entry in progress(entries, len(plan.todo)):
                    ledger.append(_line(exams, entry, course.stamp))
        return settle(file, [handin_to_json(handin) for handin in plan.handins], read_places(file))
    except OSError as error:
        raise out_of_room(folder, error, how_far(folder, len(plan.handins))) from error


def how_far(folder: Path, handins: int) -> str:
    """A sentence on what is kept of a run that was stopped. Raises UsageError and OSError."""
    done = sum(place.is_final for place in read_places(folder / RESULTS).values())
    return f"{done} of {handins} submissions are graded and kept in {folder / RESULTS}."


def _entries(
    exams: Exams, todo: Sequence[tuple[Handin, str]], sandboxes: Sequence[Sandbox]
) -> Generator[Entry, None, None]:
    """One for each hand-in, as soon as it is graded. Where there is no file, the last note says why."""
    by_name = {handin.name: (handin, digest) for handin, digest in todo}
    for handin, digest in todo:
        if handin.path is None:
            reason = handin.notes[-1] if handin.notes else Note("cannot-open", {"text": "there is no file"})
            yield Entry(handin, digest, ungraded(exams, handin.name, reason))
    found = [Found(handin.name, handin.path) for handin, _ in todo if handin.path is not None]
    with closing(grade_as_they_end(exams, found, sandboxes)) as graded:
        for one, report in graded:
            yield Entry(*by_name[one.name], report)


def _line(exams: Exams, entry: Entry, stamp: Stamp) -> bytes:
    try:
        return line_of(entry, stamp)
    except (TypeError, ValueError, RecursionError) as error:  # something in it that JSON cannot hold
        return line_of(replace(entry, report=faulty(exams, entry.handin.name, error)), stamp)


def _walls_of_before(folder: Path, plan: Plan) -> Mapping[str, str]:
    """Those behind which all was graded, where nothing is to be done; else none."""
    if not plan.todo:
        with contextlib.suppress(UsageError):
            return read_class_file(folder).layers
    return {}


def _facts(course: Course, handins: int, walls: Mapping[str, str]) -> ClassFile:
    assignment, export, catalogue = course.assignment, course.export, Catalogue.load(course.assignment)
    return ClassFile(
        assignment=assignment.name,
        title=assignment.title,
        language=assignment.language,
        version=assignment.version,
        seed=course.seed,
        max_score=assignment.max_score,
        layout=export.layout,
        layers=walls,
        policy=course.policy,
        handins=handins,
        names=catalogue.names,
        own_mistakes=catalogue.own_mistakes,
        overrides=course.overrides,
        students=export.students,
        remarks=export.remarks,
    )
