"""The grader that a handout talks to: ours, or otter's. otter assign writes for otter; that is left, or replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from autograder import __version__
from autograder.records import Assignment
from autograder.release.handout import Cells, HandoutCell

WHEEL = f"backprop_grader-{__version__}-py3-none-any.whl"
"""The file that students install, as every tool calls it."""

OTTERS_TAG = "otter_answer_cell"
LOCKED = {"editable": False, "deletable": False}
"""As otter marks what is not to be changed."""

_OTTERS_FIRST_CELL = re.compile(r"^(?:# Initialize Otter\b|%pip install -q otter-grader$)")
_WRITTEN = "<!-- BEGIN QUESTION -->"
"""Where otter says to its PDF that a question for a person begins."""
_EXPORT = re.compile(r"^grader\.export\(.*\)$", re.MULTILINE)
_HINT = re.compile(r"^.*\bgrader\.hint\(.*\n?", re.MULTILINE)

Words = Mapping[str, str]


@dataclass(frozen=True)
class HandoutGrader:
    """A grader that a handout may talk to. `put_into` makes otter's cells of students into theirs.

    `also` is what they install with the wheel, and `is_otters` says whether otter has to know of the notebook.
    """

    put_into: Callable[[Cells, Assignment, Words], Cells]
    also: str = ""
    is_otters: bool = False


def with_our_grader(cells: Cells, assignment: Assignment, words: Words) -> Cells:
    """The cells, with a cell behind the title that makes our grader, and words before it on how to install that."""
    own = [_as_ours(cell) for cell in cells if not _OTTERS_FIRST_CELL.match(cell.text)]
    title = 1 if own and own[0].kind == "markdown" else 0
    makes = f'grader = Notebook("{assignment.name}", version="{assignment.version}")'
    start = words["start"].format(wheel=WHEEL, zip=f"{assignment.name}-student.zip", folder=assignment.name)
    first = (
        HandoutCell("markdown", start, LOCKED),
        HandoutCell("code", f"from autograder.notebook import Notebook\n\n{makes}", LOCKED),
    )
    return (*own[:title], *first, *own[title:])


def with_otters_grader(cells: Cells, assignment: Assignment, words: Words) -> Cells:
    """The cells as otter wants them: it has no hints. Its PDF is for what a person grades, and left out elsewhere."""
    is_written = any(_WRITTEN in cell.text for cell in cells)
    export = "grader.export()" if is_written else "grader.export(pdf=False)"
    return tuple(
        replace(cell, text=_HINT.sub("", cell.text))
        if cell.kind == "markdown"
        else replace(cell, text=re.sub(r"^grader\.export\(\)$", export, cell.text))
        for cell in cells
    )


def _as_ours(cell: HandoutCell) -> HandoutCell:
    tags = [tag for tag in cell.metadata.get("tags", []) if tag != OTTERS_TAG]
    metadata = {key: value for key, value in cell.metadata.items() if key != "tags"} | ({"tags": tags} if tags else {})
    text = _EXPORT.sub("grader.export()", cell.text) if cell.kind == "code" else cell.text
    return replace(cell, text=text, metadata=metadata)


OURS = HandoutGrader(with_our_grader)
OTTERS = HandoutGrader(with_otters_grader, also=" 'otter-grader>=7,<8'", is_otters=True)
