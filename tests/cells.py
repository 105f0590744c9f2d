"""A notebook without a kernel: cells that are run one after the other in one namespace, with their text at hand."""

from __future__ import annotations

import linecache
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

_NUMBERS = count(1)


class Cells:
    """`cells.run(text)` defines what the text defines; `cells.save(file)` writes all texts as a notebook."""

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = {"__name__": "__main__"}
        self.texts: list[str] = []

    def run(self, text: str) -> None:
        file = f"cell-{next(_NUMBERS)}.py"
        linecache.cache[file] = (len(text), None, [f"{line}\n" for line in text.split("\n")], file)
        self.texts.append(text)
        exec(compile(text, file, "exec"), self.namespace)

    def save(self, file: Path) -> Path:
        file.write_text(nbformat.writes(new_notebook(cells=list(map(new_code_cell, self.texts)))), encoding="utf-8")
        return file
