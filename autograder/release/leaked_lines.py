"""Lines of a solution, looked for in everything that is handed out. A handout that holds one is not made."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import BuildError
from autograder.records import Assignment
from autograder.release.handout import read_notebook
from autograder.release.master import Master, Numbered
from autograder.source.extract import extract

SHORTEST = 12
"""Characters of a line, without spaces, from which on finding it again is no chance."""

OTHER_STATES = {
    "written": "a function that does something",
    "broken": "a definition that Python cannot read",
}
"""What a handout may have in the place of a stub, in words."""

_SUFFIX = re.compile(r"#\s*SOLUTION(?: NO PROMPT)?\s*$")
_MARK = re.compile(r"#\s*(?:(?:BEGIN|END) )?SOLUTION(?: NO PROMPT)?\s*$")


@dataclass(frozen=True)
class Secret:
    """A line of a solution, and the number of its cell in the master."""

    text: str
    cell: int


def refuse_leaks(files: Mapping[str, bytes], master: Master, assignment: Assignment) -> None:
    """Nothing, where no file holds a line of a solution that is none of the forward functions', nor a mark of one.

    Raises BuildError that names the file and the line.
    """
    given = {_squeezed(line) for line in _given(master, assignment)}
    secrets = [secret for secret in _secrets(master) if _squeezed(secret.text) not in given]
    for name, data in sorted(files.items()):
        for place, line in _lines(name, data.decode("utf-8", "replace")):
            squeezed = _squeezed(line)
            found = next((secret for secret in secrets if _squeezed(secret.text) in squeezed), None)
            if found:
                raise BuildError(
                    name,
                    place,
                    wanted="no line of a solution in what students receive",
                    got=f"`{found.text}`, of the solution in cell {found.cell} of {master.file.name}",
                    hint="Take it out of the handout; or write the solution in another way, if the line is meant to be "
                    "given.",
                )
            if _MARK.search(line):
                raise BuildError(
                    name,
                    place,
                    wanted="no mark of a solution in what students receive",
                    got=f"`{line.strip()}`",
                    hint="otter takes marks and answers out of cells between raw cells # BEGIN SOLUTION and "
                    "# END SOLUTION only.",
                )


def refuse_answers(notebook: str, master: Master, functions: Sequence[str]) -> None:
    """Nothing, where the grader takes each graded function of the handout for one that is not started.

    Raises BuildError for the first that is something else.
    """
    written = extract(notebook.encode(), "notebook", functions).written
    for function in functions:
        state = written[function].state
        if state != "stub":
            raise master.refuse(
                _cell_that_defines(function, master),
                wanted=f"a stub of {function} for students: a docstring, and `raise NotImplementedError`",
                got=OTHER_STATES.get(state, "no such function in the handout"),
                hint="Put the answer, and nothing else, between # BEGIN SOLUTION and # END SOLUTION, in a cell between "
                "raw cells of that name.",
            )


def _cell_that_defines(function: str, master: Master) -> int:
    """The number of the last cell with its definition; 0 for the whole file."""
    defines = re.compile(rf"^\s*def {function}\(", re.MULTILINE)
    cells = sorted((*master.shown, *master.solutions), key=lambda one: one.number)
    return next((one.number for one in reversed(cells) if defines.search(one.text)), 0)


def _secrets(master: Master) -> Iterator[Secret]:
    for numbered in (*master.solutions, *master.shown):
        for line in _answer_lines(numbered, is_solution=numbered in master.solutions):
            if len(_squeezed(line)) >= SHORTEST:
                yield Secret(line.strip(), numbered.number)


def _answer_lines(numbered: Numbered, is_solution: bool) -> Iterator[str]:
    """What students are not given: all of a markdown solution, and of code what stands between marks or before one."""
    if numbered.cell.kind == "markdown":
        yield from numbered.text.split("\n") if is_solution else ()
        return
    is_within = False
    for line in numbered.text.split("\n"):
        if re.search(r"# BEGIN SOLUTION(?: NO PROMPT)?\s*$", line):
            is_within = True
        elif line.rstrip().endswith("# END SOLUTION"):
            is_within = False
        elif is_within:
            yield line
        elif _SUFFIX.search(line):
            yield _SUFFIX.sub("", line)


def _given(master: Master, assignment: Assignment) -> Iterator[str]:
    """The lines of the forward functions, in forward.py and in the master: these are meant to be read."""
    sources = [assignment.modules["forward"].decode("utf-8", "replace")]
    sources += [numbered.text for numbered in master.shown if numbered.cell.kind == "code"]
    for source in sources:
        try:
            statements = ast.parse(source).body
        except SyntaxError:
            continue  # a line of IPython's own; it defines no forward function
        for one in statements:
            if isinstance(one, ast.FunctionDef) and one.name in assignment.forwards:
                yield from (ast.get_source_segment(source, one) or "").split("\n")


def _lines(name: str, text: str) -> Iterator[tuple[str, str]]:
    """The lines of a file with their places; of a notebook, those of its cells, and then whatever else is in it."""
    if Path(name).suffix == ".ipynb":
        for number, cell in enumerate(read_notebook(text), start=1):
            yield from _numbered(cell.text.split("\n"), f"cell {number}, line ")
    yield from _numbered(text.split("\n"), "line ")


def _numbered(lines: Sequence[str], before: str) -> Iterator[tuple[str, str]]:
    return ((f"{before}{number}", line) for number, line in enumerate(lines, start=1))


def _squeezed(line: str) -> str:
    return "".join(line.split())
