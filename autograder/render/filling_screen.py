"""What filling in a platform's file came to, as a screen: first what changes, then all that did not go by itself."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from autograder.render.filling import Change, Filling
from autograder.render.spreadsheet import on_one_line

LABEL = 12
"""Characters of the column with what a line is about."""

MOST = 12
"""Lines of a list that is not about who was not found."""

REPLACED = "--overwrite replaces them."
OURS = "{old}, ours is {new}"


def render_filling(filling: Filling, is_dry: bool, width: int) -> str:
    """Lines of text, of at most so many characters where words allow it.

    A dry run tells each change; else they are counted, and long lists are cut: but never those of people who were not
    found.
    """
    most = None if is_dry else MOST
    blocks = [
        ("Column", [on_one_line(filling.column)]),
        (
            "Would fill" if is_dry else "Filled in",
            [_filled(filling), *(_changes(filling.changed, "{old} → {new}") if is_dry else ())],
        ),
        ("Right", [f"{_scores(filling.same)} stood there already."] if filling.same else []),
        ("Kept", _headed(_kept(filling), _changes(filling.kept, OURS), most)),
        (
            "Words",
            [f"{_cells(filling.feedback_kept)} of feedback with words already. {REPLACED}"]
            if filling.feedback_kept
            else [],
        ),
        ("Locked", _headed("The platform has these as excused or not assigned.", _changes(filling.locked, OURS), most)),
        (
            "No score",
            _headed("Nothing handed in, or a fault of the grader: left as it is.", filling.without_score, most),
        ),
        ("Not clear", _headed("May be of several students, so they were left alone.", filling.unclear)),
        ("Not found", _headed("A score of ours, and no line in this file.", filling.absent)),
        ("Others", [_others(filling.others)] if filling.others else []),
        ("Note", filling.remarks),
    ]
    return "\n".join(line for label, lines in blocks for line in labelled(label, lines, width))


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


def _headed(head: str, lines: Iterable[str], most: int | None = None) -> list[str]:
    """The lines, or the first of them, under a head; nothing where there are none."""
    told = [on_one_line(line) for line in lines]
    more = len(told) - most if most is not None else 0
    return [head, *told[:most], *([f"… and {more} more, which --dry-run tells."] if more > 0 else [])] if told else []


def _changes(changes: Sequence[Change], form: str) -> Iterator[str]:
    for change in sorted(changes, key=lambda one: one.line):
        numbers = form.format(old=on_one_line(change.old) or "empty", new=change.new)
        yield f"line {change.line}: {on_one_line(change.who)}, {numbers}"


def labelled(label: str, lines: Sequence[str], width: int) -> Iterator[str]:
    """The lines below one another, beside what they are about."""
    for number, line in enumerate(lines):
        yield from textwrap.wrap(
            line,
            width,
            initial_indent=f"{'' if number else label:{LABEL}}",
            subsequent_indent=" " * (LABEL + 2),
            break_long_words=False,
            break_on_hyphens=False,
        )
