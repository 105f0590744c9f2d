"""A folder with `assignment.toml` and `forward.py` becomes an `Assignment`; every complaint says file and key.

`forward.py` is the instructor's and trusted: it is run here, in the grader's own process.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from autograder.errors import AssignmentError, UsageError, did_you_mean
from autograder.load.policy import load_policy
from autograder.load.table import Table, read_toml, shown
from autograder.load.training import load_models, operations_of
from autograder.records import (
    FAMILIES,
    LEARNING,
    MISTAKE_KEYS,
    STEPS,
    VERDICTS,
    Assignment,
    CasePlan,
    Forward,
    Limits,
    Operand,
    Question,
)

DTYPES = ("float64", "float32", "int64", "int32", "uint8", "bool")
FLOAT_DTYPES = ("float64", "float32")
LABEL_DTYPES = ("int64", "int32", "uint8")
LAYOUTS = ("C", "F", "strided", "repeated")
VISIBILITIES = ("visible", "hidden", "after_due_date", "after_published")

ROOT_KEYS = ("title", "version", "language", "points", "mercy", "limits", "policy", "cases", "question", "words")

QUESTION_KEYS = (
    "name", "function", "forward", "receives", "arguments", "gradients", "result", "operands", "points", "cases",
    "visibility",
)  # fmt: skip

CASE_OPTIONS = ("draw", "dtype", "layout", "same", "then")
"""What a case may say besides the sizes of letters and the shapes of operands."""

VERDICT_OPTIONS = ("forward", "wrt", "draw", "layout")
"""The same for a case of verdicts, which names the function that is differentiated."""

DIFFERENTIATES = ("f", "x")
"""What a numeric gradient receives: a scalar function of one array, and the point."""

MISTAKE_TABLES = ("mistakes", "mistakes-of")
"""Tables of `words` that are no message: [words.mistakes.ID], and [words.mistakes-of.QUESTION.ID] for one question."""

TRAINED = (STEPS, LEARNING)
"""The families of a training question, and of no other."""

OF_FUNCTIONS = tuple(family for family in FAMILIES if family not in TRAINED)
"""The families of a question that asks for a function."""

USUAL_SIZES = (3, 4, 5, 6, 7)
"""Sizes given to the letters of an operation that lists no cases: all different, none smaller than 3."""

BATCH = "N"
"""The letter of how many examples there are. A batch of one is tried with it, and with no other letter."""


def load_assignment(name_or_folder: str) -> Assignment:
    """The assignment of that name, or in that folder (its public one, or its twin under `solutions/`)."""
    folder = find_assignment(name_or_folder)
    toml_file, forward_file = folder / "assignment.toml", folder / "forward.py"
    root = read_toml(toml_file)
    root.keys(known=ROOT_KEYS)
    forwards = _load_forwards(forward_file)

    title, version = root.text("title"), root.text("version", default="1.0")
    limits = _limits(root.table("limits", default={}))
    shared = root.table("cases", default={})
    questions: tuple[Question, ...] = ()
    for table in root.tables("question"):
        questions += (_question(table, shared, forwards, forward_file, questions),)
    words, language = root.table("words", default={}), root.text("language", default=Assignment.language)
    total = root.integer("points")
    operations = operations_of(questions, forwards)
    training_file = folder / "training.py"
    models = load_models(training_file, _names_of_models(questions), operations)

    for key in ("name", "function"):
        given = [getattr(question, key) for question in questions if getattr(question, key)]
        for one in given:
            if given.count(one) > 1:
                raise root.refuse("question", wanted=f"a {key} of its own for each question", got=f'"{one}" twice')
    points = sum(question.max_score for question in questions)
    if points != total:
        parts = " + ".join(str(question.max_score) for question in questions)
        raise root.refuse("points", wanted=f"{points}, the sum of the questions ({parts})", got=str(total))
    return Assignment(
        name=folder.resolve().name,
        title=title,
        version=version,
        folder=folder,
        questions=questions,
        limits=limits,
        forwards=forwards,
        modules={file.stem: file.read_bytes() for file in (forward_file, training_file) if file.is_file()},
        words=_words(words),
        language=language,
        mistake_words=_mistake_words(words, [question.name for question in questions]),
        operations=operations,
        models=models,
        mercy=root.switch("mercy", default=True),
        policy=load_policy(root.table("policy", default={})),
    )


def find_assignment(name_or_folder: str) -> Path:
    """The public folder of an assignment, given its name or either of its folders."""
    folder = Path(name_or_folder).resolve()
    twin = folder.parent.parent / "assignments" / folder.name
    shipped = assignments_folder()
    for candidate in (folder, twin, shipped / name_or_folder):
        if (candidate / "assignment.toml").is_file():
            return _as_typed(candidate)
    if folder.is_dir():
        raise UsageError(f"{name_or_folder}: no assignment.toml in this folder.")
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


def _limits(table: Table) -> Limits:
    default = Limits()
    table.keys(known=[limit.name for limit in fields(Limits)])
    return Limits(
        load=table.seconds("load", default.load),
        call=table.seconds("call", default.call),
        function=table.seconds("function", default.function),
        submission=table.seconds("submission", default.submission),
        memory=table.integer("memory", default=default.memory, at_least=64),
    )


def _question(
    table: Table, shared: Table, forwards: Mapping[str, Forward], forward_file: Path, above: Sequence[Question]
) -> Question:
    name = table.text("name")
    table.key = f'question "{name}"'
    if "models" in table.data:
        return _training_question(table, name)
    table.keys(known=QUESTION_KEYS)
    function = table.text("function")
    if table.data.get("receives") == list(DIFFERENTIATES):
        return _numeric_question(table, name, function, above)
    forward = table.text("forward", default=name)
    if forward not in forwards:
        hint = did_you_mean(forward, forwards)
        raise table.refuse("forward", wanted=f"a function of {forward_file.name}", got=f'"{forward}"', hint=hint)
    parameters = list(inspect.signature(forwards[forward]).parameters)
    for parameter in parameters:
        if parameter in ("grad_out", "out", *CASE_OPTIONS, *VERDICT_OPTIONS):
            wanted = f'another name for the parameter "{parameter}", which has a meaning in assignment.toml'
            got = f"{forward}({', '.join(parameters)})"
            raise AssignmentError(str(forward_file), f"{forward}()", wanted=wanted, got=got)
    operands = _operands(table.table("operands", default={}), parameters)
    floats = [operand.name for operand in operands if operand.classes is None]
    gradients = table.words("gradients", default=floats, known=floats)
    if not gradients:
        raise table.refuse("gradients", wanted="at least one operand that has a gradient", got="none")
    shapes = [f"{operand.name}.shape" for operand in operands if not operand.is_list]
    received = ["grad_out", "out", *parameters, *shapes]
    receives = table.words("receives", default=["grad_out", *parameters], known=received)
    cases = _cases(table, shared, operands, receives)
    points = _points(table, cases)
    return Question(
        name=name,
        function=function,
        forward=forward,
        receives=receives,
        gradients=gradients,
        operands=operands,
        points=points,
        cases=tuple(plan for plan in cases if points.get(plan.family)),
        visibility=table.choice("visibility", VISIBILITIES, default="visible"),
        arguments=_arguments(table, receives),
        result=_result(table),
    )


def _names_of_models(questions: Sequence[Question]) -> list[str]:
    return list(dict.fromkeys(name for question in questions for name in question.models))


def _training_question(table: Table, name: str) -> Question:
    """A question that trains models. It has no function of its own; its families are steps and learning."""
    table.keys(known=("name", "models", "points", "visibility"))
    models = table.names("models")
    points_table = table.table("points")
    points = {family: points_table.integer(family, at_least=0) for family in points_table.keys(known=TRAINED)}
    if not models or not any(points.values()):
        got = f"models = {list(models)}, points = {points}"
        raise table.refuse("points", wanted="at least one model, and points for steps or learning", got=got)
    return Question(
        name=name,
        function="",
        forward="",
        receives=(),
        gradients=(),
        operands=(),
        points={family: points[family] for family in TRAINED if points.get(family)},
        cases=(),
        visibility=table.choice("visibility", VISIBILITIES, default="visible"),
        models=models,
    )


def _numeric_question(table: Table, name: str, function: str, above: Sequence[Question]) -> Question:
    """A numeric gradient: each of its cases differentiates the forward function of a question above it."""
    for key in ("forward", "gradients", "operands", "arguments", "result"):
        if key in table.data:
            wanted = "nothing: a question that receives f and x names a forward function in each case"
            raise table.refuse(key, wanted=wanted, got=shown(table.data[key]))
    families = table.table("cases")
    families.keys(known=(VERDICTS,))
    cases = tuple(_verdict_plan(one, above) for one in families.tables(VERDICTS))
    return Question(
        name=name,
        function=function,
        forward="",
        receives=DIFFERENTIATES,
        gradients=(),
        operands=(),
        points=_points(table, cases),
        cases=cases,
        visibility=table.choice("visibility", VISIBILITIES, default="visible"),
    )


def _points(table: Table, cases: Sequence[CasePlan]) -> dict[str, int]:
    """The points of each family, in the order of the families; those worth nothing are left out."""
    points_table = table.table("points")
    points = {family: points_table.integer(family, at_least=0) for family in points_table.keys(known=OF_FUNCTIONS)}
    if not any(points.values()):
        raise table.refuse("points", wanted=f"points for at least one of {', '.join(OF_FUNCTIONS)}", got="none")
    drawn = {plan.family for plan in cases}
    for family, worth in points.items():
        if worth and family not in drawn:
            raise table.refuse(f"cases.{family}", wanted=f"a case: this family is worth {worth} points", got="none")
    return {family: points[family] for family in FAMILIES if points.get(family)}


def _arguments(table: Table, receives: Sequence[str]) -> tuple[str, ...]:
    """The student's names for what the function receives, where the assignment gives any."""
    given = table.data.get("arguments", [])
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise table.refuse("arguments", wanted="a list of names", got=shown(given))
    if given and len(given) != len(receives):
        wanted = f"one name for each of {', '.join(receives)}"
        raise table.refuse("arguments", wanted=wanted, got=shown(given))
    return tuple(given)


def _result(table: Table) -> str:
    """How the result for an operand is called: a text in which {operand} stands for its name."""
    text = table.text("result", default=Question.result)
    rest = text.replace("{operand}", "")
    if "{" in rest or "}" in rest:
        raise table.refuse("result", wanted="a text with {operand} in it, and no other braces", got=shown(text))
    return text


def _operands(table: Table, parameters: Sequence[str]) -> tuple[Operand, ...]:
    table.keys(known=parameters)
    operands = []
    for name in parameters:
        one = table.table(name, default={})
        one.keys(known=("shape", "draw", "classes", "list"))
        shape = one.sizes("shape", letters=True) if "shape" in one.data else None
        classes = one.data.get("classes")
        if classes is not None and (not isinstance(classes, (int, str)) or isinstance(classes, bool)):
            raise one.refuse("classes", wanted="a letter or a number", got=shown(classes))
        is_list = one.data.get("list", False)
        if not isinstance(is_list, bool) or (is_list and (shape is not None or classes is not None)):
            wanted = "true, and neither shape nor classes beside it: a list has its shapes from each case"
            raise one.refuse("list", wanted=wanted, got=shown(is_list))
        draw = one.text("draw", default="normal" if classes is None else "mixed")
        operands.append(Operand(name, shape, draw, classes, is_list))
    return tuple(operands)


def _cases(table: Table, shared: Table, operands: Sequence[Operand], receives: Sequence[str]) -> tuple[CasePlan, ...]:
    given = table.data.get("cases")
    if given is None:
        return _usual_cases(table, operands, receives)
    if isinstance(given, str):
        if given not in shared.data:
            hint = did_you_mean(given, shared.data)
            raise table.refuse("cases", wanted="the name of a table [cases.NAME]", got=f'"{given}"', hint=hint)
        families = shared.table(given)
    else:
        families = table.table("cases")
    known = [family for family in FAMILIES if family not in (VERDICTS, *TRAINED)]
    return tuple(
        _case_plan(one, family, operands, receives)
        for family in families.keys(known=known)
        for one in families.tables(family)
    )


def _case_plan(table: Table, family: str, operands: Sequence[Operand], receives: Sequence[str]) -> CasePlan:
    names = [operand.name for operand in operands]
    letters = _letters(operands)
    table.keys(known=[*letters, *names, *CASE_OPTIONS])
    draws = table.table("draw", default={})
    then = table.table("then", default={})
    if "then" in table.data and family != "pure":
        raise table.refuse("then", wanted="`then` in cases of pure only", got=f"a case of {family}")
    return CasePlan(
        family=family,
        key=table.key,
        sizes={letter: table.integer(letter, at_least=1) for letter in letters if letter in table.data},
        shapes=_shapes(table, operands),
        lists={o.name: table.list_of_shapes(o.name) for o in operands if o.is_list and o.name in table.data},
        draws={name: draws.text(name) for name in draws.keys(known=[*names, "grad_out"])},
        dtypes=_dtypes(table, operands, receives),
        layouts=_layouts(table, receives),
        same=_same(table, [o.name for o in operands if o.name in receives and not o.is_list], receives),
        then={letter: then.integer(letter, at_least=1) for letter in then.keys(known=letters)},
    )


def _verdict_plan(table: Table, above: Sequence[Question]) -> CasePlan:
    """A case of a numeric gradient. The operands of the forward are those of the question above that has it."""
    known = {question.forward: question for question in reversed(above) if question.forward}
    forward = table.choice("forward", list(known))
    operands = known[forward].operands
    for operand in operands:
        if operand.is_list:
            wanted = "a forward function of arrays"
            raise table.refuse("forward", wanted=wanted, got=f"{forward}(), which takes lists")
    names, letters = [operand.name for operand in operands], _letters(operands)
    wrt = table.choice("wrt", [operand.name for operand in operands if operand.classes is None])
    table.keys(known=[*letters, *names, *VERDICT_OPTIONS])
    draws = table.table("draw", default={})
    return CasePlan(
        family=VERDICTS,
        key=table.key,
        sizes={letter: table.integer(letter, at_least=1) for letter in letters if letter in table.data},
        shapes=_shapes(table, operands),
        draws={name: draws.text(name) for name in draws.keys(known=names)},
        layouts={"x": table.choice("layout", LAYOUTS)} if "layout" in table.data else {},
        forward=forward,
        operands=operands,
        wrt=wrt,
    )


def _shapes(table: Table, operands: Sequence[Operand]) -> dict[str, tuple[int, ...]]:
    return {o.name: table.numbers(o.name) for o in operands if o.name in table.data and not o.is_list}


def _letters(operands: Sequence[Operand]) -> list[str]:
    """All letters of the operands' shapes, in the order in which they first occur."""
    sizes = [size for operand in operands for size in (*(operand.shape or ()), operand.classes)]
    return list(dict.fromkeys(size for size in sizes if isinstance(size, str)))


def _dtypes(table: Table, operands: Sequence[Operand], receives: Sequence[str]) -> dict[str, str]:
    given = table.data.get("dtype")
    labels = {operand.name for operand in operands if operand.classes is not None}
    if isinstance(given, str):
        dtype = table.choice("dtype", FLOAT_DTYPES)
        return {name: dtype for name in receives if name not in labels}
    each = table.table("dtype", default={})
    known = {**dict.fromkeys(labels, LABEL_DTYPES), "out": FLOAT_DTYPES}
    return {name: each.choice(name, known.get(name, DTYPES)) for name in each.keys(known=receives)}


def _same(table: Table, known: Sequence[str], receives: Sequence[str]) -> tuple[str, ...]:
    """The operands that are one array, in the order in which the function receives them."""
    same = table.words("same", default=[], known=known)
    if len(same) == 1:
        raise table.refuse("same", wanted="at least two operands", got=shown(list(same)))
    return tuple(name for name in receives if name in same)


def _layouts(table: Table, receives: Sequence[str]) -> dict[str, str]:
    if isinstance(table.data.get("layout"), str):
        return dict.fromkeys(receives, table.choice("layout", LAYOUTS))
    each = table.table("layout", default={})
    return {name: each.choice(name, LAYOUTS) for name in each.keys(known=receives)}


def _usual_cases(table: Table, operands: Sequence[Operand], receives: Sequence[str]) -> tuple[CasePlan, ...]:
    """Cases for an operation that lists none: sizes for its letters, all different, all equal, a batch of one.

    No feature size is below 3, because some operations (layer norm of two features) lose every digit there.
    """
    for operand in operands:
        if operand.shape is None:
            wanted = f'shapes with letters, such as operands.{operand.name} = {{ shape = ["N", "D"] }}, or cases'
            raise table.refuse(f"operands.{operand.name}", wanted=wanted, got="neither")
    letters = _letters(operands)
    if len(letters) > len(USUAL_SIZES):
        raise table.refuse("cases", wanted=f"cases, for an operation of {len(letters)} letters", got="none")

    def sized(family: str, number: int, sizes: Sequence[int], **options: Any) -> CasePlan:
        key = f"{table.key}.usual.{family}[{number}]"
        return CasePlan(family, key, sizes=dict(zip(letters, sizes)), **options)

    up = USUAL_SIZES[: len(letters)]
    down = tuple(reversed(USUAL_SIZES))[: len(letters)]
    shifted = (*USUAL_SIZES[1:], USUAL_SIZES[0])[: len(letters)]
    equal = (4,) * len(letters)
    batch_of_one = tuple(1 if letter == BATCH else size for letter, size in zip(letters, up))
    float32 = {o.name: "float32" for o in operands if o.classes is None} | {"grad_out": "float32", "out": "float32"}
    labels = [operand.name for operand in operands if operand.classes is not None]
    return (
        sized("runs", 0, up),
        sized("values", 0, down),
        sized("values", 1, shifted),
        *(sized("values", 2, up, draws=dict.fromkeys(labels, "last class absent")) for _ in labels[:1]),
        *(sized("values", 3, down, draws=dict.fromkeys(labels, "repeated")) for _ in labels[:1]),
        sized("shapes", 0, equal),
        sized("shapes", 1, batch_of_one),
        sized("hard", 0, up, dtypes=float32),
        sized("hard", 1, up, layouts=dict.fromkeys(receives, "strided")),
        sized("hard", 2, down, layouts={receives[0]: "F"}),
        sized("hard", 3, up, dtypes={"grad_out": "int64"}),
        sized("pure", 0, up),
        sized("pure", 1, down, then=dict.fromkeys(letters[:1], USUAL_SIZES[0])),
    )


def _words(table: Table) -> dict[str, dict[str, str]]:
    return _texts(table, [key for key in table.data if key not in MISTAKE_TABLES], ("message", "hint"))


def _mistake_words(table: Table, questions: Sequence[str]) -> dict[str, dict[str, dict[str, str]]]:
    """By question and id; those of [words.mistakes.ID] hold in any question, and stand under ""."""
    anywhere, apart = (table.table(name, default={}) for name in MISTAKE_TABLES)
    tables = {"": anywhere, **{name: apart.table(name) for name in apart.keys(known=questions)}}
    return {name: _texts(one, list(one.data), MISTAKE_KEYS) for name, one in tables.items() if one.data}


def _texts(table: Table, ids: Sequence[str], known: Sequence[str]) -> dict[str, dict[str, str]]:
    tables = {id: table.table(id) for id in ids}
    return {id: {key: one.text(key) for key in one.keys(known=known)} for id, one in tables.items()}


# ---- forward.py --------------------------------------------------------------------------------------------


def _load_forwards(file: Path) -> dict[str, Forward]:
    if not file.is_file():
        raise AssignmentError(str(file), "", wanted="the forward functions", got="no such file")
    try:
        # Just as a worker runs it, which knows no `__file__`.
        namespace: dict[str, Any] = {"__name__": "forward"}
        exec(compile(file.read_bytes(), str(file), "exec"), namespace)
    except (Exception, SystemExit) as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
        key = f"line {lines[-1]}" if lines else ""
        got = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise AssignmentError(str(file), key, wanted="a Python file that can be run", got=got) from error
    return {name: value for name, value in namespace.items() if inspect.isfunction(value)}
