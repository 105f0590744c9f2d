"""`submission_metadata.yml` of a Gradescope export: who handed in, and when. Keys may be symbols of Ruby's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Any

from autograder.gradebook import Student
from autograder.load.uploads import clean

METADATA = "submission_metadata.yml"


def value_of(record: Any, key: str) -> Any:
    """A value by its key, `results` or `:results`. None where there is none."""
    return record.get(f":{key}", record.get(key)) if isinstance(record, dict) else None


def submitters_of(record: Mapping[Any, Any], name: str) -> tuple[Student, ...]:
    """The student, or the group. Whoever has neither number nor address goes by the `name` of the folder: two people
    may have one name."""
    listed = value_of(record, "submitters")
    people = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    students = []
    for number, one in enumerate(people, start=1):
        sid, email, person = (_text(value_of(one, key)) for key in ("sid", "email", "name"))
        id = sid or email or (clean(name) if len(people) == 1 else f"{clean(name)}-{number}")
        students.append(Student(id, person, email))
    return tuple(students) or (Student(clean(name)),)


def time_of(record: Any) -> str:
    """When it was made, in ISO 8601 with its offset; "" where no time is told. Times without one are meant as UTC.

    Ruby writes some of its times as objects with a `utc`.
    """
    value = value_of(record, "created_at")
    if isinstance(value, dict):
        value = value.get("utc") or value.get("time")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00").replace("Z", "+00:00"))
        except ValueError:
            return ""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).isoformat()
    return f"{value.isoformat()}T00:00:00+00:00" if isinstance(value, date) else ""


def _text(value: Any) -> str:
    return clean(str(value)) if isinstance(value, (str, int, float)) else ""
