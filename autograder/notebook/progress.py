"""One line that says how far a check has come, for those that take a while, and that is gone when they are done."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

from autograder.notebook.places import shell

PATIENCE_SECONDS = 0.5
"""A check that takes less is over before anybody wonders."""

BETWEEN_SECONDS = 0.25


class ProgressLine:
    """`with ProgressLine() as line: line.show("...")`. In a notebook it stands below the cell; in a terminal each text
    is a line of its own on stderr."""

    def __init__(self) -> None:
        self._next = time.monotonic() + PATIENCE_SECONDS
        self._handle: Any = None

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._handle is not None:
            self._handle.update({"text/plain": ""}, raw=True)

    def show(self, text: str) -> None:
        """Show the text, unless the one before has only just appeared."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + BETWEEN_SECONDS
        if shell() is None:
            print(text, file=sys.stderr)
        elif self._handle is None:
            from IPython.display import display  # it is loaded already

            self._handle = display({"text/plain": text}, raw=True, display_id=True)
        else:
            self._handle.update({"text/plain": text}, raw=True)
