"""The file to hand in: which notebook it is, whether it holds what was run, and its zip."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FunctionType
from typing import Any

from autograder.notebook.live import Namespace, reached_from, source_of
from autograder.records import Written
from autograder.source.cells import UnreadableSource, read_document

KINDS = {".ipynb": "notebook", ".py": "script"}


def find_notebooks(namespace: Mapping[str, Any], functions: Sequence[str]) -> list[Path]:
    """The file that runs here, where the environment says which; else the notebooks in this folder that define one of
    the functions."""
    told = [os.environ.get("JPY_SESSION_NAME"), namespace.get("__vsc_ipynb_file__"), namespace.get("__file__")]
    for name in told:
        if isinstance(name, str) and Path(name).suffix in KINDS and Path(name).is_file():
            return [Path(name)]
    return [file for file in sorted(Path.cwd().glob("*.ipynb")) if _defines_one_of(functions, file)]


def unsaved_functions(file: Path, namespace: Namespace, written: Mapping[str, Written]) -> list[str]:
    """The graded functions, and those that they need, which were run in another form than the file has.

    Raises UnreadableSource, and OSError.
    """
    text = _code_of(file)
    graded = [name for name, what in written.items() if what.state == "written"]
    needed = sorted(reached_from(namespace, graded) - set(graded))
    cells = [name for name in (*graded, *needed) if _is_from_a_cell(namespace.get(name))]
    return [name for name in cells if _squeezed(source_of(namespace[name])) not in text]


def _is_from_a_cell(value: Any) -> bool:
    return isinstance(value, FunctionType) and value.__module__ == "__main__"


def pack(file: Path, target: Path) -> None:
    """Write the zip; whoever reads it finds the old one or the new one, and never a half. Raises OSError."""
    beside = target.with_suffix(".part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.write(file, file.name)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def _defines_one_of(functions: Sequence[str], file: Path) -> bool:
    try:
        text = _code_of(file)
    except (UnreadableSource, OSError):
        return False
    return any(f"def {name}(" in text for name in functions)


def _code_of(file: Path) -> str:
    document = read_document(file.read_bytes(), KINDS[file.suffix])
    return "\n".join(_squeezed(cell.text) for cell in document.code_cells)


def _squeezed(text: str) -> str:
    """Without what an editor may change when it saves: indentation of the whole, blanks at the ends of lines."""
    return "\n".join(line.strip() for line in text.strip().splitlines())
