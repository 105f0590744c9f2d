"""A folder with `assignment.toml` and `forward.py` becomes an `Assignment`; every complaint says file and key.

`forward.py` is the instructor's and trusted: it is run here, in the grader's own process.
"""

from __future__ import annotations

import inspect
import runpy
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.errors import AssignmentError, UsageError, did_you_mean
from autograder.records import FAMILIES, Assignment, CasePlan, Forward, Limits, Operand, Question

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DTYPES = ("float64", "float32", "int64", "int32", "uint8", "bool")
FLOAT_DTYPES = ("float64", "float32")
LAYOUTS = ("C", "F", "strided")
VISIBILITIES = ("visible", "hidden", "after_due_date", "after_published")

NO_LETTERS_SIZES = (3, 4, 5, 6, 7)
"""Sizes given to the letters of an operation that lists no cases: all different, none smaller than 3."""


def load_assignment(name_or_folder: str) -> Assignment:
    """The assignment of that name, or in that folder (its public one, or its twin under `solutions/`)."""
    folder = find_assignment(name_or_folder)
    toml_file, forward_file = folder / "assignment.toml", folder / "forward.py"
    root = _read_toml(toml_file)
    forwards = _load_forwards(forward_file)

    title, version = root.text("title"), root.text("version", default="1.0")
    limits = _limits(root.table("limits", default={}))
    shared = root.table("cases", default={})
    questions = tuple(_question(table, shared, forwards, forward_file) for table in root.tables("question"))
    words = root.table("words", default={})
    total = root.integer("points")
    root.done()

    names = [question.name for question in questions]
    for name in names:
        if names.count(name) > 1:
            raise root.refuse("question", wanted="a name of its own for each question", got=f'"{name}" twice')
    points = sum(question.max_score for question in questions)
    if points != total:
        parts = " + ".join(str(question.max_score) for question in questions)
        raise root.refuse("points", wanted=f"{points}, the sum of the questions ({parts})", got=str(total))
    return Assignment(
        name=folder.name,
        title=title,
        version=version,
        folder=folder,
        questions=questions,
        limits=limits,
        forwards=forwards,
        modules={"forward": forward_file.read_bytes()},
        words=_words(words),
    )


def find_assignment(name_or_folder: str) -> Path:
    """The public folder of an assignment, given its name or either of its folders."""
    given = Path(name_or_folder)
    if given.is_dir():
        folder = given.resolve()
        twin = folder.parent.parent / "assignments" / folder.name
        for candidate in (folder, twin):
            if (candidate / "assignment.toml").is_file():
                return _as_typed(candidate)
        raise UsageError(f"{name_or_folder}: no assignment.toml in this folder.")
    shipped = assignments_folder()
    if (shipped / name_or_folder / "assignment.toml").is_file():
        return _as_typed(shipped / name_or_folder)
    known = sorted(path.parent.name for path in shipped.glob("*/assignment.toml"))
    hint = did_you_mean(name_or_folder, known) or f"Known: {', '.join(known)}, or the path of a folder."
    raise UsageError(f"{name_or_folder}: no assignment of this name. {hint[0].upper()}{hint[1:]}")


def assignments_folder() -> Path:
    """Where assignments lie: inside the installed package, or beside it in a clone."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "assignments"
    return installed if installed.is_dir() else package.parent / "assignments"


def _as_typed(folder: Path) -> Path:
    """Relative to the working directory where that is shorter to read in an error."""
    try:
        return folder.relative_to(Path.cwd())
    except ValueError:
        return folder


# ---- the pieces --------------------------------------------------------------------------------------------


def _limits(table: _Table) -> Limits:
    default = Limits()
    limits = Limits(
        load=table.seconds("load", default.load),
        call=table.seconds("call", default.call),
        function=table.seconds("function", default.function),
        submission=table.seconds("submission", default.submission),
        memory=table.integer("memory", default=default.memory, at_least=64),
        processes=table.integer("processes", default=default.processes, at_least=0),
        file_size=table.integer("file_size", default=default.file_size, at_least=0),
    )
    table.done()
    return limits


def _question(table: _Table, shared: _Table, forwards: Mapping[str, Forward], forward_file: Path) -> Question:
    name = table.text("name")
    table.key = f'question "{name}"'
    function, forward = table.text("function"), table.text("forward", default=name)
    if forward not in forwards:
        hint = did_you_mean(forward, forwards)
        raise table.refuse("forward", wanted=f"a function of {forward_file.name}", got=f'"{forward}"', hint=hint)
    parameters = list(inspect.signature(forwards[forward]).parameters)
    operands = _operands(table.table("operands", default={}), parameters)
    gradients = table.words("gradients", default=[o.name for o in operands if o.classes is None], known=parameters)
    receives = table.words("receives", default=["grad_out", *parameters], known=["grad_out", "out", *parameters])

    points_table = table.table("points")
    points = {family: points_table.integer(family, at_least=0) for family in points_table.keys(known=FAMILIES)}
    cases = _cases(table, shared, operands, receives)
    drawn = {plan.family for plan in cases}
    for family, worth in points.items():
        if worth and family not in drawn:
            raise table.refuse(f"cases.{family}", wanted=f"a case: this family is worth {worth} points", got="none")
    visibility = table.choice("visibility", VISIBILITIES, default="visible")
    table.done()
    return Question(
        name=name,
        function=function,
        forward=forward,
        receives=receives,
        gradients=gradients,
        operands=operands,
        points={family: points[family] for family in FAMILIES if points.get(family)},
        cases=tuple(plan for plan in cases if points.get(plan.family)),
        visibility=visibility,
    )


def _operands(table: _Table, parameters: Sequence[str]) -> tuple[Operand, ...]:
    table.keys(known=parameters)
    operands = []
    for name in parameters:
        one = table.table(name, default={})
        shape = one.sizes("shape", letters=True) if "shape" in one.data else None
        classes = one.data.get("classes")
        one.read.add("classes")
        if classes is not None and not isinstance(classes, (int, str)):
            raise one.refuse("classes", wanted="a letter or a number", got=repr(classes))
        draw = one.data.get("draw", "normal")
        one.read.add("draw")
        one.done()
        operands.append(Operand(name, shape, draw, classes))
    return tuple(operands)


def _cases(table: _Table, shared: _Table, operands: Sequence[Operand], receives: Sequence[str]) -> tuple[CasePlan, ...]:
    given = table.data.get("cases")
    if given is None:
        return _usual_cases(table, operands)
    if isinstance(given, str):
        table.read.add("cases")
        if given not in shared.data:
            hint = did_you_mean(given, shared.data)
            raise table.refuse("cases", wanted="the name of a table [cases.NAME]", got=f'"{given}"', hint=hint)
        families = shared.table(given)
    else:
        families = table.table("cases")
    return tuple(
        _case_plan(one, family, operands, receives)
        for family in families.keys(known=FAMILIES)
        for one in families.tables(family)
    )


def _case_plan(table: _Table, family: str, operands: Sequence[Operand], receives: Sequence[str]) -> CasePlan:
    names = [operand.name for operand in operands]
    letters = sorted({size for o in operands for size in (*(o.shape or ()), o.classes) if isinstance(size, str)})
    options = ["draw", "dtype", "layout", "same", "then"]
    table.keys(known=[*letters, *names, *options])
    draws = table.table("draw", default={})
    then = table.table("then", default={})
    plan = CasePlan(
        family=family,
        key=table.key,
        sizes={letter: table.integer(letter, at_least=1) for letter in letters if letter in table.data},
        shapes={name: table.numbers(name) for name in names if name in table.data},
        draws={name: draws.text(name) for name in draws.keys(known=[*names, "grad_out"])},
        dtypes=_dtypes(table, operands, receives),
        layout=table.choice("layout", LAYOUTS, default="C"),
        same=table.words("same", default=[], known=[name for name in receives if name in names]),
        then={letter: then.integer(letter, at_least=1) for letter in then.keys(known=letters)},
    )
    table.done()
    return plan


def _dtypes(table: _Table, operands: Sequence[Operand], receives: Sequence[str]) -> dict[str, str]:
    given = table.data.get("dtype")
    if isinstance(given, str):
        dtype = table.choice("dtype", FLOAT_DTYPES)
        labels = {operand.name for operand in operands if operand.classes is not None}
        return {name: dtype for name in receives if name not in labels}
    each = table.table("dtype", default={})
    return {name: each.choice(name, DTYPES) for name in each.keys(known=receives)}


def _usual_cases(table: _Table, operands: Sequence[Operand]) -> tuple[CasePlan, ...]:
    """Cases for an operation that lists none: sizes for its letters, all different, all equal, a batch of one.

    No feature size is below 3, because some operations (layer norm of two features) lose every digit there.
    """
    for operand in operands:
        if operand.shape is None:
            wanted = f'shapes with letters, such as operands.{operand.name} = {{ shape = ["N", "D"] }}, or cases'
            raise table.refuse(f"operands.{operand.name}", wanted=wanted, got="neither")
    letters = list(
        dict.fromkeys(size for o in operands for size in (*(o.shape or ()), o.classes) if isinstance(size, str))
    )
    if len(letters) > len(NO_LETTERS_SIZES):
        raise table.refuse("cases", wanted=f"cases, for an operation of {len(letters)} letters", got="none")

    def sized(family: str, number: int, sizes: Sequence[int], **options: Any) -> CasePlan:
        key = f"{table.key}.usual.{family}[{number}]"
        return CasePlan(family, key, sizes=dict(zip(letters, sizes)), **options)

    up = NO_LETTERS_SIZES[: len(letters)]
    down = tuple(reversed(NO_LETTERS_SIZES))[: len(letters)]
    shifted = (*NO_LETTERS_SIZES[1:], NO_LETTERS_SIZES[0])[: len(letters)]
    equal = (4,) * len(letters)
    float32 = {o.name: "float32" for o in operands if o.classes is None} | {"grad_out": "float32", "out": "float32"}
    return (
        sized("runs", 0, up),
        sized("values", 0, down),
        sized("values", 1, shifted),
        sized("shapes", 0, equal),
        sized("shapes", 1, (1, *up[1:])),
        sized("hard", 0, up, dtypes=float32),
        sized("hard", 1, up, layout="strided"),
        sized("hard", 2, down, layout="F"),
        sized("hard", 3, up, dtypes={"grad_out": "int64"}),
        sized("pure", 0, up),
        sized("pure", 1, down, then={letters[0]: 2} if letters else {}),
    )


def _words(table: _Table) -> dict[str, dict[str, str]]:
    words = {}
    for fault in list(table.data):
        one = table.table(fault)
        words[fault] = {key: one.text(key) for key in one.keys(known=("message", "hint"))}
    return words


# ---- forward.py --------------------------------------------------------------------------------------------


def _load_forwards(file: Path) -> dict[str, Forward]:
    if not file.is_file():
        raise AssignmentError(str(file), "", wanted="the forward functions", got="no such file")
    try:
        namespace = runpy.run_path(str(file), run_name="forward")
    except Exception as error:
        raise AssignmentError(
            str(file), "", wanted="a Python file that can be run", got=f"{type(error).__name__}: {error}"
        ) from error
    return {name: value for name, value in namespace.items() if inspect.isfunction(value)}


# ---- reading TOML with complaints --------------------------------------------------------------------------


def _read_toml(file: Path) -> _Table:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssignmentError(str(file), "", wanted="valid TOML", got=str(error)) from error
    return _Table(str(file), "", data)


class _Table:
    """A TOML table that knows where it stands and which of its keys were read."""

    def __init__(self, file: str, key: str, data: Mapping[str, Any]) -> None:
        self.file = file
        self.key = key
        self.data = data
        self.read: set[str] = set()

    def refuse(self, key: str, *, wanted: str, got: str, hint: str = "") -> AssignmentError:
        return AssignmentError(self.file, self._at(key), wanted=wanted, got=got, hint=hint)

    def done(self) -> None:
        """Raise for the first key that nobody asked for."""
        self.keys(known=sorted(self.read))

    def keys(self, known: Sequence[str]) -> list[str]:
        for key in self.data:
            if key not in known:
                hint = did_you_mean(key, known)
                raise self.refuse(key, wanted=f"one of {', '.join(known)}", got=f'the unknown key "{key}"', hint=hint)
        return list(self.data)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._get(key, default, "a text")
        if not isinstance(value, str):
            raise self.refuse(key, wanted="a text", got=repr(value))
        return value

    def choice(self, key: str, known: Sequence[str], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in known:
            wanted = f"one of {', '.join(known)}"
            raise self.refuse(key, wanted=wanted, got=f'"{value}"', hint=did_you_mean(value, known))
        return value

    def integer(self, key: str, default: int | None = None, at_least: int = 0) -> int:
        value = self._get(key, default, "a whole number")
        if not isinstance(value, int) or isinstance(value, bool) or value < at_least:
            raise self.refuse(key, wanted=f"a whole number, {at_least} or more", got=repr(value))
        return value

    def seconds(self, key: str, default: float) -> float:
        value = self._get(key, default, "a number of seconds")
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value < 86400:
            raise self.refuse(key, wanted="a number of seconds", got=repr(value))
        return float(value)

    def words(self, key: str, default: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
        value = self._get(key, list(default), "a list of names")
        if not isinstance(value, list):
            raise self.refuse(key, wanted="a list of names", got=repr(value))
        for word in value:
            if word not in known:
                wanted = f"names out of {', '.join(known)}"
                raise self.refuse(key, wanted=wanted, got=repr(word), hint=did_you_mean(str(word), known))
        return tuple(value)

    def sizes(self, key: str, letters: bool) -> tuple[int | str, ...]:
        value = self._get(key, None, "a shape")
        kinds = (int, str) if letters else (int,)
        if not isinstance(value, list) or len(value) > 8:
            raise self.refuse(key, wanted="a shape, such as [3, 4]", got=repr(value))
        for size in value:
            if not isinstance(size, kinds) or isinstance(size, bool) or (isinstance(size, int) and size < 1):
                wanted = "a shape of letters and sizes" if letters else "a shape of sizes, 1 or more"
                raise self.refuse(key, wanted=wanted, got=repr(value))
        return tuple(value)

    def numbers(self, key: str) -> tuple[int, ...]:
        return tuple(int(size) for size in self.sizes(key, letters=False))

    def table(self, key: str, default: Mapping[str, Any] | None = None) -> _Table:
        value = self._get(key, default, "a table")
        if not isinstance(value, Mapping):
            raise self.refuse(key, wanted="a table", got=repr(value))
        return _Table(self.file, self._at(key), value)

    def tables(self, key: str) -> list[_Table]:
        value = self._get(key, None, "at least one table")
        if not isinstance(value, list) or not value or not all(isinstance(one, Mapping) for one in value):
            raise self.refuse(key, wanted="a list of tables", got=repr(value))
        return [_Table(self.file, f"{self._at(key)}[{index}]", one) for index, one in enumerate(value)]

    def _get(self, key: str, default: Any, wanted: str) -> Any:
        self.read.add(key)
        if key in self.data:
            return self.data[key]
        if default is None:
            raise self.refuse(key, wanted=wanted, got="nothing")
        return default

    def _at(self, key: str) -> str:
        return f"{self.key}.{key}" if self.key else key
