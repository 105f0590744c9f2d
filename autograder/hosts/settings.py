"""What a folder for a host says of itself, and the seed that the host keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.exams import SEED

FILE = "settings.json"

SEED_VARIABLE = "GRADER_SEED"


@dataclass(frozen=True)
class Settings:
    """The assignment by name."""

    assignment: str

    def to_text(self) -> str:
        return f"{json.dumps(asdict(self), indent=1)}\n"


def read_settings(folder: Path) -> Settings:
    """The settings of a host's folder. Raises OSError, ValueError or TypeError where it is broken."""
    return Settings(**json.loads((folder / FILE).read_text(encoding="utf-8")))


def seed_of(environment: Mapping[str, str]) -> int:
    """The seed that the host has as a variable; without one, that which everybody knows. Raises UsageError."""
    told = environment.get(SEED_VARIABLE, "").strip()
    if not told:
        return SEED
    if not (told.isascii() and told.isdigit() and len(told) < 20):
        raise UsageError(f"{SEED_VARIABLE} is no whole number such as 4711.")  # its value is a secret
    return int(told)
