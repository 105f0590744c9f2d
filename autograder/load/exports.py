"""What a platform gives for download → hand-ins: `open_exports(paths)`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograder.gradebook import Export, Handin, Student
from autograder.load.layouts import find_submissions


@contextmanager
def open_exports(paths: Sequence[Path]) -> Iterator[Export]:
    """All that was handed in; what is packed is unpacked for as long as this is open. Raises UsageError."""
    handins = [
        Handin(found.name, (Student(found.path.stem),), found.path, found.path.name)
        for found in find_submissions(paths)
    ]
    yield Export("plain", ", ".join(map(str, paths)), tuple(handins))
