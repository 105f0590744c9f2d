"""Where a student finds a line again: `cell [5]` by the number beside it, a file by its name."""

from __future__ import annotations

import os
import sys
from typing import Any


def shell() -> Any:
    """The IPython that runs this process, if one does. It is not imported for that."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def place_in_words(file: str) -> str:
    """`cell [5]` for what IPython has compiled from a cell; else the last part of the file's name."""
    compiler = getattr(shell(), "compile", None)
    number = getattr(compiler, "_filename_map", {}).get(file)  # as IPython's own tracebacks find it
    if number is not None:
        return f"cell [{number}]"
    return os.path.basename(file)
