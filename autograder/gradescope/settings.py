"""What an instructor chose for one upload: written into its zip, read in the container."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "settings.json"


@dataclass(frozen=True)
class Settings:
    """The assignment by name, the seed that draws the decks, and whether points are shown on a leaderboard."""

    assignment: str
    seed: int
    leaderboard: bool = False

    def to_text(self) -> str:
        return f"{json.dumps(asdict(self), indent=1)}\n"


def read_settings(folder: Path) -> Settings:
    """The settings of the zip that was unpacked here. Raises OSError, ValueError or TypeError where it is broken."""
    return Settings(**json.loads((folder / FILE).read_text(encoding="utf-8")))
