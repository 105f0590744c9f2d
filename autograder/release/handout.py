"""The handout's two forms, a notebook and a script with `# %%` cells: both are a row of cells, read and written."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

CELL = "# %%"
MARKDOWN_CELL = "# %% [markdown]"
WIDTH = 120

PYTHON = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""What a notebook says of its language, and no more: which Python wrote it is nobody's business."""

MAKE = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}

PICTURE = re.compile(r"^!\[(?P<alt>[^\]]*)\]\([^)]*\)$|^<img\b[^>]*\balt=\"(?P<alt_too>[^\"]*)\"[^>]*>$")
_ITEM = re.compile(r"^(\s*(?:[*-]|\d+\.) )")


@dataclass(frozen=True)
class HandoutCell:
    """A cell of a notebook: "code", "markdown" or "raw", its text, and what else is written beside it."""

    kind: str
    text: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, Any] = field(default_factory=dict)


Cells = tuple[HandoutCell, ...]


# ---- notebooks ---------------------------------------------------------------------------------------------


def read_notebook(text: str) -> Cells:
    """The cells of a notebook of format 4, without their outputs. Raises ValueError when it is none."""
    notebook = json.loads(text)
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise ValueError("it is no notebook of format 4")
    return tuple(
        HandoutCell(cell["cell_type"], "".join(cell["source"]), cell["metadata"], cell.get("attachments", {}))
        for cell in notebook["cells"]
    )


def notebook_text(cells: Sequence[HandoutCell], metadata: Mapping[str, Any] | None = None) -> str:
    """The notebook of these cells, clean, with ids that count them: the same text for the same cells."""
    notebook = new_notebook(
        cells=[_cell(number, cell) for number, cell in enumerate(cells)], metadata={**PYTHON, **(metadata or {})}
    )
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n"


def _cell(number: int, cell: HandoutCell) -> Any:
    attached = {"attachments": dict(cell.attachments)} if cell.attachments else {}
    return MAKE[cell.kind](cell.text, id=f"cell-{number:02}", metadata=dict(cell.metadata), **attached)


# ---- scripts -----------------------------------------------------------------------------------------------


def notebook_of(script: str) -> str:
    """The notebook, as text, with one cell for each `# %%` cell of the script. The same text for the same script."""
    return notebook_text([_cell_of(block) for block in _blocks(script)])


def script_of(cells: Sequence[HandoutCell]) -> str:
    """The script with a `# %%` cell for each code and markdown cell. Prose is wrapped, a picture is told in words."""
    shown = [cell for cell in cells if cell.kind != "raw"]
    script = ""
    for before, cell in zip([None, *shown], shown):
        needs_room = _defines(cell) or (before is not None and _defines(before))
        script += "" if before is None else "\n\n\n" if needs_room else "\n\n"
        script += _script_cell(cell)
    return f"{script}\n"


def _script_cell(cell: HandoutCell) -> str:
    if cell.kind == "code":
        return f"{CELL}\n{cell.text.strip()}"
    return "\n".join([MARKDOWN_CELL, *(f"# {line}".rstrip() for line in _wrapped(cell.text))])


def _blocks(script: str) -> list[list[str]]:
    blocks: list[list[str]] = []
    for line in script.splitlines():
        if line.startswith(CELL):
            blocks.append([])
        elif not blocks:
            blocks.append([CELL])
        blocks[-1].append(line)
    return blocks


def _cell_of(block: Sequence[str]) -> HandoutCell:
    is_markdown = block[0].startswith(MARKDOWN_CELL)
    lines = [line.removeprefix("#").removeprefix(" ") for line in block[1:]] if is_markdown else block[1:]
    return HandoutCell("markdown" if is_markdown else "code", "\n".join(lines).strip("\n"))


def _defines(cell: HandoutCell) -> bool:
    """Whether a code cell has functions or classes: a formatter wants two empty lines around these."""
    return cell.kind == "code" and re.search(r"^(?:def|class|@)\b", cell.text, re.MULTILINE) is not None


def _wrapped(markdown: str) -> list[str]:
    """Lines that fit behind `# `. Titles and tables stay as they are."""
    lines = []
    for line in markdown.strip("\n").split("\n"):
        picture = PICTURE.match(line)
        if picture:
            line = f"(Picture: {picture['alt'] or picture['alt_too']})"
        elif line.startswith(("#", "|")) or not line.strip():
            lines.append(line)
            continue
        item = _ITEM.match(line)
        lines += textwrap.wrap(
            line,
            WIDTH - len("# "),
            subsequent_indent=" " * len(item[1]) if item else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines
