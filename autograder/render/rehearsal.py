"""A rehearsal of Gradescope as a screen: what the student would see, and what the instructor would see beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

VISIBLE = "visible"


def build_lines(box: str, machine: str, seconds: float, said: str) -> Iterator[str]:
    """Where the image was built and how long it took, and the last line that setup.sh said."""
    yield f"Build       {seconds:.1f} s in {box} ({machine})"
    last = [line for line in said.splitlines() if line.strip()][-1:]
    yield from (f"            {line}" for line in last)


def tried_lines(name: str, results: Mapping[str, Any], log: str, seconds: float) -> Iterator[str]:
    """One submission, seen by its student, and then by the instructor."""
    tests = results["tests"]
    shown = [test for test in tests if test["visibility"] == VISIBLE]
    yield ""
    yield f"{name}   graded in {seconds:.1f} s"
    yield ""
    yield "The student sees"
    yield from _indented(results["output"])
    for test in shown:
        yield ""
        yield f"  {test['number']}  {test['name']}   {test['score']} / {test['max_score']}"
        yield from _indented(test["output"], "     ")
    yield ""
    yield "The instructor sees beside that"
    yield f"  score       {results['score']}"
    for test in tests:
        if test not in shown:
            yield f"  later       {test['name']}   {test['score']} / {test['max_score']} ({test['visibility']})"
    extra = results["extra_data"]
    found = [f"{test['name']}: {', '.join(test['tags'][1:])}" for test in tests if test["tags"][1:]]
    yield f"  outcome     {extra['outcome']}"
    yield f"  mistakes    {'; '.join(found) or 'none that has a name'}"
    yield f"  flags       {', '.join(extra.get('flags', ())) or 'none'}"
    walls = extra.get("layers", {})
    yield f"  walls       {', '.join(f'{wall} {state}' for wall, state in walls.items()) or 'unknown'}"
    yield f"  log         {len(log.splitlines())} lines" + ("" if log.strip() else ": nothing was said")
    yield from _indented(log.strip(), "     ")


def _indented(text: str, margin: str = "  ") -> Iterator[str]:
    return (f"{margin}{line}".rstrip() for line in text.splitlines() if not line.startswith("```"))
