"""What filling in a platform's file came to, as a screen: first what changes, then all that did not go by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from autograder.render.filling import Change, Filling
from autograder.render.spreadsheet import on_one_line

LABEL = 12
"""Characters of the column with what a line is about."""

OURS = "{old}, ours is {new}"


def render_filling(filling: Filling, is_dry: bool) -> str:
    """Lines of text. A dry run tells each change; else they are counted, and what did not work is told one by one."""
    blocks = [
        ("Column", [on_one_line(filling.column)]),
        (
            "Would fill" if is_dry else "Filled in",
            [_filled(filling), *(_changes(filling.changed, "{old} → {new}") if is_dry else ())],
        ),
        ("Right", [f"{_scores(filling.same)} stood there already."] if filling.same else []),
        ("Kept", _headed(_kept(filling), _changes(filling.kept, OURS))),
        ("Locked", _headed("The platform has these as excused or not assigned.", _changes(filling.locked, OURS))),
        ("No score", _headed("Nothing handed in, or a fault of the grader: left empty.", filling.without_score)),
        ("Not clear", _headed("May be of several students, so they were left alone.", filling.unclear)),
        ("Not found", _headed("A score of ours, and no line in this file.", filling.absent)),
        ("Others", [_others(filling.others)] if filling.others else []),
        ("Note", filling.remarks),
    ]
    return "\n".join(line for label, lines in blocks for line in _block(label, lines))


def _filled(filling: Filling) -> str:
    feedback = f", {_cells(filling.feedback)} of feedback" if filling.feedback else ""
    return f"{_scores(len(filling.changed))}{feedback}"


def _kept(filling: Filling) -> str:
    it = "it" if len(filling.kept) == 1 else "them"
    return f"{_cells(len(filling.kept))} with another score. --overwrite replaces {it}."


def _others(count: int) -> str:
    return "1 line is of nobody in these grades." if count == 1 else f"{count} lines are of nobody in these grades."


def _scores(count: int) -> str:
    return "1 score" if count == 1 else f"{count} scores"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _headed(head: str, lines: Iterable[str]) -> list[str]:
    """The lines under a head; nothing where there are none."""
    told = [on_one_line(line) for line in lines]
    return [head, *told] if told else []


def _changes(changes: Sequence[Change], form: str) -> Iterator[str]:
    for change in sorted(changes, key=lambda one: one.line):
        numbers = form.format(old=on_one_line(change.old) or "empty", new=change.new)
        yield f"line {change.line}: {on_one_line(change.who)}, {numbers}"


def _block(label: str, lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"{'' if number else label:{LABEL}}{line}"
