"""What was handed in → whose code is alike: `compare(export, assignment, least, progress)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.gradebook import Export, Handin
from autograder.load.archives import KINDS
from autograder.load.layouts import Found, load_submission
from autograder.records import Assignment, Submission
from autograder.similarity.fingerprints import Fingerprints
from autograder.similarity.pairs import Pair, find_pairs
from autograder.similarity.reading import Reader

LEAST = 40
"""Percent from which a pair is shown. Of the right answers in our tests, no two reach half of that."""

GIVEN = ("{name}.ipynb", "{name}.py", "forward.py", "training.py")
"""What everybody has received, in the folder of the assignment."""

SOLUTION = ("solution.py", "{name}.ipynb")
"""The right answer, in the twin of that folder, where there is one: many come to it by themselves."""

Progress = Callable[[Iterable[Handin], int], Iterable[Handin]]


@dataclass(frozen=True)
class Comparison:
    """The pairs, the most alike first; how many hand-ins were compared; and the names of those that could not be."""

    pairs: tuple[Pair, ...]
    compared: int
    not_compared: tuple[str, ...]


def compare(export: Export, assignment: Assignment, least: int, progress: Progress) -> Comparison:
    """Compare the last attempts with one another. Raises SandboxError where no process can be had to read them."""
    handins = last_attempts(export.handins)
    read: dict[str, Fingerprints] = {}
    lost: list[str] = []
    with Reader() as reader:
        given = {value for one in _given(assignment) for value, _ in reader.read(one) or ()}
        for handin in progress(handins, len(handins)):
            found = _read(handin, reader)
            if found is None:
                lost.append(handin.name)
            else:
                read[handin.name] = found
    together = {handin.name: {student.id for student in handin.students} for handin in handins}
    return Comparison(find_pairs(read, given, together, least), len(read), tuple(lost))


def last_attempts(handins: Sequence[Handin]) -> list[Handin]:
    """One of each student or group: nobody is alike to their own earlier attempt."""
    last: dict[frozenset[str], Handin] = {}
    for handin in handins:
        who = frozenset(student.id for student in handin.students) or frozenset((handin.name,))
        if who not in last or last[who].attempt <= handin.attempt:
            last[who] = handin
    return list(last.values())


def _read(handin: Handin, reader: Reader) -> Fingerprints | None:
    if handin.path is None:
        return None
    submission = load_submission(Found(handin.name, handin.path))
    return reader.read(submission) if isinstance(submission, Submission) else None


def _given(assignment: Assignment) -> Iterator[Submission]:
    twin = assignment.folder.parent.parent / "solutions" / assignment.folder.name
    places = [(assignment.folder, GIVEN), (twin, SOLUTION)]
    for file in (folder / name.format(name=assignment.name) for folder, names in places for name in names):
        if file.is_file():
            yield Submission(file.name, KINDS[file.suffix], file.read_bytes())
