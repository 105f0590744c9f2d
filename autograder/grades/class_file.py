"""class.json: what all results of a class have in common, and who is in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.errors import UsageError
from autograder.gradebook import Override, Policy, Student, student_to_json
from autograder.grades.folder import CLASS
from autograder.grades.replacing import replace_text
from autograder.render.feedback import Catalogue, Words

CLASS_SCHEMA = "grader/class/v1"


@dataclass(frozen=True)
class ClassFile:
    """What was asked, of whom, behind which walls, and what the course makes of it.

    `handins` counts what is to be graded: fewer lines of results are a class that is not finished. `names` and
    `own_mistakes` are what a page says of known mistakes beside our own words, as a Catalogue has them: so it can be
    made when the assignment is another one already, or gone.
    """

    assignment: str
    title: str
    language: str
    version: str
    seed: int
    max_score: int
    layout: str
    layers: Mapping[str, str]
    policy: Policy
    handins: int
    names: Words
    own_mistakes: Mapping[str, Words]
    overrides: tuple[Override, ...] = ()
    students: tuple[Student, ...] = ()
    remarks: tuple[str, ...] = ()


def catalogue_of(facts: ClassFile) -> Catalogue:
    """What a page needs to name the mistakes of the class."""
    return Catalogue({}, {}, {}, facts.names, facts.language, facts.own_mistakes)


def write_class_file(folder: Path, facts: ClassFile) -> None:
    """Raises OSError."""
    document = {
        "schema": CLASS_SCHEMA,
        **{name: getattr(facts, name) for name in ("assignment", "title", "language", "version", "seed", "max_score")},
        "layout": facts.layout,
        "layers": dict(facts.layers),
        "policy": asdict(facts.policy),
        "handins": facts.handins,
        "names": {question: dict(names) for question, names in facts.names.items()},
        "own_mistakes": facts.own_mistakes,
        "overrides": [asdict(override) for override in facts.overrides],
        "students": [student_to_json(student) for student in facts.students],
        "remarks": list(facts.remarks),
    }
    # ASCII, so that a name with half a character in it can be written, too
    replace_text(folder / CLASS, json.dumps(document, indent=1) + "\n", is_synced=True)


def read_class_file(folder: Path) -> ClassFile:
    """What `write_class_file` wrote. Raises UsageError where there is none, or another document."""
    file = folder / CLASS
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return _from_json(document)
    except FileNotFoundError as error:
        raise UsageError(
            f"{folder}: no grades are kept there. `grader grade PATH... --out {folder}` makes them."
        ) from error
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            f"{file}: this is not what `grader grade` wrote ({type(error).__name__}: {error}). "
            f"`grader grade PATH... --out {folder} --resume` writes it anew, and grades nobody twice."
        ) from error


def _from_json(document: Mapping[str, Any]) -> ClassFile:
    if document["schema"] != CLASS_SCHEMA:
        raise ValueError(f"schema is {document['schema']!r}, not {CLASS_SCHEMA!r}")
    own_kinds = {
        "policy": Policy(**document["policy"]),
        "overrides": tuple(Override(**override) for override in document["overrides"]),
        "students": tuple(Student(**student) for student in document["students"]),
        "remarks": tuple(document["remarks"]),
    }
    return ClassFile(**{name: value for name, value in {**document, **own_kinds}.items() if name != "schema"})
