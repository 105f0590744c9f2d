"""A master notebook in otter's format → its questions, and which of its cells are whose. Parsed, never run.

The marks are raw cells, or fenced blocks of the language `otter` in markdown cells: `# BEGIN QUESTION` and so on. Where
blocks do not close is otter's to say; here, what it says nothing about is made visible.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.errors import BuildError, UsageError
from autograder.records import Assignment
from autograder.release.handout import HandoutCell, read_notebook

_MARK = re.compile(r"#\s+(?P<edge>begin|end)\s+(?P<block>question|prompt|solution|tests)\b", re.IGNORECASE)
_FENCED = re.compile(r"^```otter[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_IGNORED = re.compile(r"##\s*ignore\s*##|#\s*ignore\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Numbered:
    """A cell, and its number in the master, counted from 1."""

    number: int
    cell: HandoutCell

    @property
    def text(self) -> str:
        return self.cell.text


@dataclass(frozen=True)
class MasterQuestion:
    """A question of the master: the number of its first cell, what that cell says, and its test cells."""

    name: str
    number: int
    points: Any
    is_manual: bool
    tests: tuple[Numbered, ...] = ()


@dataclass(frozen=True)
class Master:
    """A master. `shown` are the cells that students see as they are; those of solutions lose their answers."""

    file: Path
    questions: tuple[MasterQuestion, ...]
    shown: tuple[Numbered, ...]
    solutions: tuple[Numbered, ...]

    def refuse(self, number: int, *, wanted: str, got: str, hint: str = "") -> BuildError:
        return BuildError(str(self.file), f"cell {number}" if number else "", wanted=wanted, got=got, hint=hint)


def find_master(assignment: Assignment) -> Path:
    """The master notebook of an assignment, in its twin folder. Raises UsageError where there is none."""
    folder = assignment.folder.resolve().parent.parent / "solutions" / assignment.name
    master = folder / f"{assignment.name}.ipynb"
    if not master.is_file():
        raise UsageError(
            f"{_as_typed(master)}: no such file. A handout is built from a master: a notebook with prompts and "
            "solutions in the format of otter assign. docs/master.md shows the smallest one."
        )
    return _as_typed(master)


def read_master(file: Path) -> Master:
    """The master in a file. Raises BuildError when it is no notebook, or a question does not say its name."""
    try:
        cells = read_notebook(file.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError) as error:
        got = " ".join(str(error).split()) or type(error).__name__
        raise BuildError(str(file), "", wanted="a notebook of format 4", got=got) from error
    master = Master(file, (), (), ())
    block = ""
    for number, cell in _pieces(cells):
        mark = _MARK.match(cell.text) if cell.kind == "raw" else None
        if mark:
            name, is_begin = mark["block"].lower(), mark["edge"].lower() == "begin"
            if is_begin and name == "question":
                master = replace(master, questions=(*master.questions, _question(master, number, cell.text)))
            block = name if is_begin and name != "question" else ""
        elif cell.kind != "raw" and not _IGNORED.match(cell.text):
            master = _with(master, block, Numbered(number, cell))
    return master


def _pieces(cells: tuple[HandoutCell, ...]) -> Iterator[tuple[int, HandoutCell]]:
    """The cells with their numbers; a markdown cell with fenced marks becomes several."""
    for number, cell in enumerate(cells, start=1):
        texts = _FENCED.split(cell.text) if cell.kind == "markdown" else [cell.text]
        for place, text in enumerate(texts):
            if text.strip():
                yield number, replace(cell, kind="raw" if place % 2 else cell.kind, text=text.strip("\n"))


def _with(master: Master, block: str, numbered: Numbered) -> Master:
    """The master with one more cell, which stands in a block of this name, or in none."""
    if block == "solution":
        return replace(master, solutions=(*master.solutions, numbered))
    if block == "tests" and master.questions:
        last = master.questions[-1]
        return replace(master, questions=(*master.questions[:-1], replace(last, tests=(*last.tests, numbered))))
    return replace(master, shown=(*master.shown, numbered))


def _question(master: Master, number: int, text: str) -> MasterQuestion:
    yaml: Any = importlib.import_module("yaml")  # otter's, which reads the same lines with it
    try:
        config = yaml.safe_load(text)
    except yaml.YAMLError as error:
        got = " ".join(str(error).split())
        raise master.refuse(number, wanted="lines of YAML after # BEGIN QUESTION", got=got) from error
    if not isinstance(config, Mapping) or not isinstance(config.get("name"), str):
        raise master.refuse(
            number,
            wanted="the name of the question after # BEGIN QUESTION",
            got=str(config),
            hint="For example:  name: multiply",
        )
    return MasterQuestion(config["name"], number, config.get("points"), config.get("manual") is True)


def _as_typed(file: Path) -> Path:
    """Relative to the working directory where that is shorter to read in an error."""
    try:
        return file.relative_to(Path.cwd())
    except ValueError:
        return file
