"""The walls round a student's code as a screen of text: what stands, what does not, and why. Fits 40 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

PROMISES: Mapping[str, str] = {
    "files": "reads, writes and finds no file",
    "net": "talks to nobody",
    "proc": "starts, signals and reads no process",
    "mem": "takes no more memory than it may",
}
"""What each wall promises of a student's code."""

STATES: Mapping[str, tuple[str, str]] = {"active": ("✓", "32"), "weak": ("◐", "33"), "absent": ("✗", "31")}
"""A sign and a colour for each state."""


@dataclass(frozen=True)
class Walls:
    """`states` of the walls, the things that are `possible` through each, and for each of the `layers` nothing where it
    took hold, or the reason why not."""

    states: Mapping[str, str]
    possible: Mapping[str, tuple[str, ...]]
    layers: Mapping[str, str]


def render_walls(walls: Walls, width: int = 80, is_coloured: bool = False) -> str:
    """A line for each wall, with what gets through it, and one for each layer that is missing."""
    lines = [*_states(walls, width, is_coloured), "", *_layers(walls, width)]
    return "\n".join(lines) + "\n"


def _states(walls: Walls, width: int, is_coloured: bool) -> Iterator[str]:
    for wall, state in walls.states.items():
        sign, colour = STATES[state]
        line = f"{sign} {wall:<6} {state:<7} a submission {PROMISES[wall]}"
        first, *rest = _wrapped(line, width, indent=17)
        yield f"\033[{colour}m{first}\033[0m" if is_coloured else first
        yield from rest
        if walls.possible[wall]:
            yield from _wrapped(f"{'':17}but it can {', '.join(walls.possible[wall])}", width, indent=17)


def _layers(walls: Walls, width: int) -> Iterator[str]:
    active = [name for name, missing in walls.layers.items() if not missing]
    yield from _wrapped(f"Layers     {', '.join(active) or 'none'}", width, indent=11)
    for name, missing in walls.layers.items():
        if missing:
            yield from _wrapped(f"Without    {name}: {missing}", width, indent=11)


def _wrapped(line: str, width: int, indent: int) -> list[str]:
    return textwrap.wrap(line, width, subsequent_indent=" " * indent, break_long_words=False)
