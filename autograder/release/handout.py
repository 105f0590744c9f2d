"""The handout's two forms: a script with `# %%` cells, and the notebook that is made from it.

The script is what a person edits; `python -m autograder.release.handout assignments/backprop` makes the notebook anew.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CELL = "# %%"
MARKDOWN_CELL = "# %% [markdown]"


def notebook_of(script: str) -> str:
    """The notebook, as text, with one cell for each `# %%` cell of the script. The same text for the same script."""
    notebook = new_notebook(
        cells=[_cell(number, block) for number, block in enumerate(_blocks(script))],
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
    )
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n"


def _blocks(script: str) -> list[list[str]]:
    blocks: list[list[str]] = []
    for line in script.splitlines():
        if line.startswith(CELL):
            blocks.append([])
        elif not blocks:
            blocks.append([CELL])
        blocks[-1].append(line)
    return blocks


def _cell(number: int, block: list[str]) -> Any:
    is_markdown = block[0].startswith(MARKDOWN_CELL)
    lines = [line.removeprefix("#").removeprefix(" ") for line in block[1:]] if is_markdown else block[1:]
    text = "\n".join(lines).strip("\n")
    make = new_markdown_cell if is_markdown else new_code_cell
    return make(text, id=f"cell-{number:02}")


def main(folder: str) -> None:
    """Write `NAME.ipynb` from `NAME.py` in the assignment's folder."""
    script = Path(folder) / f"{Path(folder).resolve().name}.py"
    script.with_suffix(".ipynb").write_text(notebook_of(script.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
