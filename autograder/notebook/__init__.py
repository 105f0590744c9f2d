"""What students call in their notebooks: `grader = Notebook("backprop")`, then `grader.check("multiply")`.

Functions are called where they are, so this is no place for marks: nothing here is a secret, and nothing is sealed. The
same deck, judged by the same code as in a class. numpy only; imported on use, because a notebook begins with it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.notebook.cards import Card
    from autograder.notebook.session import Session
    from autograder.records import Report


class Notebook:
    """A grader beside the student's own functions. Each method returns a card: it shows itself in a notebook, and
    prints as plain text elsewhere."""

    def __init__(
        self, assignment: str = "backprop", version: str | None = None, namespace: dict[str, Any] | None = None
    ) -> None:
        """`version` is the handout's: where the installed grader has another one, that is said at once.

        `namespace` holds the functions; by default the globals of whoever makes this object, such as a notebook's
        cells. Raises AssignmentError when the assignment is broken, and UsageError when there is none of that name.
        """
        self._namespace = sys._getframe(1).f_globals if namespace is None else namespace
        self._assignment = assignment
        self._made: Session | None = None
        if version is not None:
            self._warn_of_another(version)

    def check(self, name: str) -> Card:
        """What one question's function does on the cases of its checks: the first problem, and what it earns."""
        return self._session.check(name)

    def check_all(self) -> Card:
        """All questions in one strip, with points and what to do next."""
        return self._session.check_all()

    def hint(self, name: str, number: int | None = None) -> Card:
        """The next hint on a question's first problem, one more each time; or hint `number`, from 1."""
        return self._session.hint(name, number)

    def export(self, file: str | None = None) -> Card:
        """Pack the saved notebook into a zip beside it, to be handed in. `file` says which, where there are several.

        Nothing is packed while what was run is not in the saved file.
        """
        return self._session.export(file)

    def report(self, names: Sequence[str] | None = None) -> Report:
        """The report that the cards are made from, over the named questions, or all that students may see."""
        return self._session.report(names)

    @property
    def _session(self) -> Session:
        if self._made is None:
            from autograder.notebook.session import Session

            self._made = Session(self._assignment, self._namespace)
        return self._made

    def _warn_of_another(self, version: str) -> None:
        warning = self._session.warning_of_another(version)
        if warning:
            print(warning)
