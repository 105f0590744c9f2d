"""Pictures of a master, files beside it → data within the handout, so that no notebook is without them."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path

from autograder.errors import BuildError
from autograder.release.handout import Cells

_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_ELSEWHERE = ("http:", "https:", "data:", "attachment:")


def with_pictures(cells: Cells, folder: Path) -> Cells:
    """The cells, with each `![words](file)` as an image that holds its file. JupyterLab, VS Code and Colab show it.

    Raises BuildError for a file that is not there, and for one that is no picture.
    """
    embed = _embed_from(folder)
    return tuple(
        replace(cell, text=_PICTURE.sub(embed, cell.text)) if cell.kind == "markdown" else cell for cell in cells
    )


def _embed_from(folder: Path) -> Callable[[re.Match[str]], str]:
    def embed(match: re.Match[str]) -> str:
        words, name = match.groups()
        if name.startswith(_ELSEWHERE):
            return match[0]
        kind = mimetypes.guess_type(name)[0] or ""
        file = folder / name
        if not kind.startswith("image/") or not file.is_file():
            got = f"no such file beside {folder.name}.ipynb" if not file.is_file() else "another kind of file"
            raise BuildError(str(file), "", wanted="a picture, as a markdown cell of the master says", got=got)
        data = base64.b64encode(file.read_bytes()).decode()
        return f'<img src="data:{kind};base64,{data}" alt="{escape(words)}">'

    return embed
