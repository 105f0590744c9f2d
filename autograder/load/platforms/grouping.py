"""Files that lie about, each with the student that it belongs to → uploads, one a student."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.gradebook import Student
from autograder.load.unpacking import Member
from autograder.load.uploads import Reading, Upload, UploadedFile


@dataclass
class Grouping:
    """Grows file by file. What one `key` stands for is one upload, in the order in which keys are first seen.

    `sort` is put before each key, so that those of two layouts never mean one student.
    """

    sort: str
    strangers: list[Member] = field(default_factory=list)
    _uploads: dict[str, Upload] = field(default_factory=dict)
    _files: dict[str, list[UploadedFile]] = field(default_factory=dict)

    def add(
        self,
        *,
        key: str,
        label: str,
        student: Student,
        member: Member | None = None,
        file: PurePosixPath | None = None,
        is_late: bool | None = None,
        submitted: str = "",
        part: str = "",
    ) -> None:
        """A file of a student, or that there is a student. Uploads of one key are told apart by their `part`."""
        place = f"{key}\n{part}"
        if place not in self._uploads:
            self._uploads[place] = Upload(f"{self.sort} {key}", label, (student,), (), submitted, is_late)
            self._files[place] = []
        if member is not None:
            self._files[place].append(UploadedFile(member, file or PurePosixPath(member.path.name)))

    def reading(self, title: str, remarks: tuple[str, ...] = ()) -> Reading | None:
        """All that was added, or None where that is nothing."""
        if not self._uploads:
            return None
        uploads = [
            Upload(one.key, one.label, one.students, tuple(self._files[place]), one.submitted, one.is_late)
            for place, one in self._uploads.items()
        ]
        return Reading(title, tuple(uploads), tuple(self.strangers), remarks)
