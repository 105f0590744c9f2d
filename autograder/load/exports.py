"""What a platform gives for download → hand-ins: `open_exports(paths)`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from autograder.gradebook import Export, Handin, Student
from autograder.load.archives import KINDS
from autograder.load.layouts import Found, find_submissions

AUTO = "auto"


@contextmanager
def open_exports(
    paths: Sequence[Path], layout: str = AUTO, pattern: str | None = None, roster: Path | None = None
) -> Iterator[Export]:
    """All that was handed in, by name; what is packed is unpacked for as long as this is open.

    `layout` is an id of `platforms/table.py`; `pattern` finds the student in each path instead, by its group `user`.
    With a roster, students get its names, and those who are missing are there, too. Raises UsageError for paths that
    hold no export, or a broken one, and for a layout, a pattern or a roster that cannot be used.
    """
    source = ", ".join(map(str, paths))
    with ExitStack() as stack:
        if layout == AUTO and pattern is None and len(paths) == 1 and paths[0].suffix in KINDS:
            if not paths[0].is_dir():  # one file needs none of all that
                export = _with_students(Export("plain files", source, tuple(map(_handin, find_submissions(paths)))))
                yield _with_roster(export, roster)
                return
        from autograder.load.gathering import gather

        gathered = gather(paths, layout, pattern, stack)
        export = Export(gathered.layout, source, gathered.handins, (), gathered.remarks)
        yield _with_roster(_with_students(export), roster)


def _handin(found: Found) -> Handin:
    return Handin(found.name, (Student(os.path.splitext(found.name)[0]),), found.path, found.path.name)


def _with_students(export: Export) -> Export:
    students = dict.fromkeys(student for handin in export.handins for student in handin.students)
    return replace(export, students=tuple(sorted(students, key=_by_name)))


def _by_name(student: Student) -> tuple[str, str]:
    return student.shown.casefold(), student.id


def _with_roster(export: Export, roster: Path | None) -> Export:
    if roster is None:
        return export
    from autograder.load.roster import join, load_roster

    joined = join(export.students, load_roster(roster))
    handins = tuple(
        replace(handin, students=tuple(joined.students.get(student, student) for student in handin.students))
        for handin in export.handins
    )
    students = (*(joined.students.get(student, student) for student in export.students), *joined.missing)
    return Export(
        export.layout,
        export.source,
        handins,
        tuple(sorted(students, key=_by_name)),
        (*export.remarks, *joined.remarks),
    )
