"""What Python or numpy said, and where → the id of a sentence of our own, and its facts.

A table of the texts that students meet most. What is not in it keeps the words that it came with.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import FunctionType

import numpy as np

from autograder.places.expressions import Expression, Names, Shape, broadcast, clashing_axis, shape_of
from autograder.places.lines import LONGEST_TEXT

Texts = dict[str, str]

MOST_NAMES = 1000
LONGEST_NAME = 60
FLEXIBLE = 0x04 | 0x08
"""Flags of a code object that takes `*args` or `**kwargs`."""

OF_ARRAYS = {"numpy.ndarray": tuple(dir(np.ndarray)), "numpy": tuple(dir(np))}
"""Read before a student could add to them."""


@dataclass(frozen=True, eq=False)
class Scene:
    """Where an exception was raised: the expression, if Python tells, and what the names stand for."""

    expression: Expression | None
    names: Names

    @property
    def operands(self) -> tuple[tuple[str, Shape | None], ...]:
        """The text and the shape of both sides of an operator; empty where there is none."""
        one = self.expression
        return () if one is None else tuple((one.part(node), shape_of(node, self.names)) for node in one.operands)


Finder = Callable[[Texts, Scene], Texts]
"""From what the pattern found to the reason and its facts; nothing where the sentence would not be right."""


def reason_of(exception: str, text: str, scene: Scene) -> Texts:
    """`reason` and the facts of its sentence; nothing for an exception that is not in the table."""
    for exceptions, pattern, finder in TABLE:
        found = pattern.search(text) if exception in exceptions else None
        if found is not None:
            facts = finder({name: value or "" for name, value in found.groupdict().items()}, scene)
            return {name: value[:LONGEST_TEXT] for name, value in facts.items()}
    return {}


def wrong_call(text: str, function: object, given: int) -> Texts:
    """The reason of a function that cannot be called with as many arguments as a question gives."""
    if type(function) is not FunctionType or not re.search(r"\(\) (missing \d+ required|takes .* positional)", text):
        return {}
    code = function.__code__
    if code.co_flags & FLEXIBLE or code.co_kwonlyargcount:
        return {}
    parameters = ", ".join(name[:LONGEST_NAME] for name in code.co_varnames[: min(code.co_argcount, 12)])
    return {"reason": "arguments", "given": str(given), "parameters": parameters}


def _as(reason: str) -> Finder:
    return lambda found, scene: {"reason": reason, **{name: _spaced(value) for name, value in found.items()}}


def _spaced(text: str) -> str:
    """A shape as Python writes it: "(4, 3)" where numpy says "(4,3)"."""
    return re.sub(r",(?=\d)", ", ", text)


def _shape(text: str) -> Shape:
    return tuple(int(size) for size in re.findall(r"\d+", text))


# ---- two arrays that do not fit ----------------------------------------------------------------------------


def _inner_sizes(found: Texts, scene: Scene) -> Texts:
    """Both operands with their shapes, where they are known; and the one that would fit if it were transposed."""
    facts = {"operator": _operator(scene, found), "left_size": found["left_size"], "right_size": found["right_size"]}
    operands = [(text, shape) for text, shape in scene.operands if shape]
    if len(operands) != 2:
        return {"reason": "inner-sizes", **facts}
    (left, left_shape), (right, right_shape) = operands
    if not left_shape or not right_shape or _inner(left_shape, right_shape) != _sizes(facts):
        return {"reason": "inner-sizes", **facts}
    facts |= {"left": left, "left_shape": str(left_shape), "right": right, "right_shape": str(right_shape)}
    for text, turned, inner in (
        (right, right_shape[::-1], _inner(left_shape, right_shape[::-1])),
        (left, left_shape[::-1], _inner(left_shape[::-1], right_shape)),
    ):
        if inner[0] == inner[1] and text.isidentifier() and len(turned) == 2:
            return {"reason": "inner-sizes-turned", **facts, "turned": text, "turned_shape": str(turned)}
    return {"reason": "inner-sizes-of", **facts}


def _inner(left: Shape, right: Shape) -> tuple[int, int]:
    """The sizes that `@` wants to be equal."""
    return left[-1], right[-2] if len(right) > 1 else right[-1]


def _sizes(facts: Texts) -> tuple[int, int]:
    return int(facts["left_size"]), int(facts["right_size"])


def _operator(scene: Scene, found: Texts) -> str:
    node = scene.expression.node if scene.expression is not None else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("dot", "matmul"):
        return f"np.{node.func.attr}"
    return "np.dot" if "dot" in found else "@"


def _clash(found: Texts, scene: Scene) -> Texts:
    """Which two shapes cannot be broadcast, and in which axis; with their names where these are known."""
    shapes = _shape(found["left_shape"]), _shape(found["right_shape"])
    axis = clashing_axis(*shapes)
    if axis is None:
        return {}
    left_shape, right_shape = shapes
    facts = {"left_shape": str(left_shape), "right_shape": str(right_shape), "axis": str(axis)}
    facts |= {"left_size": str(left_shape[axis]), "right_size": str(right_shape[axis])}
    operands = scene.operands
    # A name whose shape is another one than numpy complains of is not what numpy complains of.
    if len(operands) != 2 or any(known not in (None, shape) for (_, known), shape in zip(operands, shapes)):
        return {"reason": "broadcast", **facts}
    return {"reason": "broadcast-of", **facts, "left": operands[0][0], "right": operands[1][0]}


def _in_place(found: Texts, scene: Scene) -> Texts:
    shapes = {name: _shape(found[name]) for name in ("kept_shape", "wanted_shape")}
    is_clear = broadcast(*shapes.values()) == shapes["wanted_shape"]
    return {"reason": "in-place", **{name: str(shape) for name, shape in shapes.items()}} if is_clear else {}


# ---- sizes, axes, entries ----------------------------------------------------------------------------------


def _reshape(found: Texts, scene: Scene) -> Texts:
    shape = _shape(found["shape"])
    room = math.prod(shape) if "-" not in found["shape"] else 0
    return {"reason": "reshape", "numbers": found["numbers"], "shape": str(shape), "room": str(room)} if room else {}


def _entry(found: Texts, scene: Scene) -> Texts:
    return {"reason": "entry", **found, "last": str(int(found["size"]) - 1)} if found["size"] != "0" else {}


def _sizes_of_shape(found: Texts, scene: Scene) -> Texts:
    """`N, D = out.shape` where out has another number of axes."""
    node = scene.expression.node if scene.expression is not None else None
    known = _shape_attribute(node.value, scene) if isinstance(node, ast.Assign) else {}
    return {"reason": "unpack-shape", **known, "expected": found["expected"]} if known else {}


def _size_of_shape(found: Texts, scene: Scene) -> Texts:
    """`out.shape[1]` where out has no such axis."""
    node = scene.expression.node if scene.expression is not None else None
    known = _shape_attribute(node.value, scene) if isinstance(node, ast.Subscript) else {}
    return {"reason": "no-size", **known} if known else {}


def _shape_attribute(node: ast.AST, scene: Scene) -> Texts:
    """The array in `array.shape`, and its shape."""
    if scene.expression is None or not isinstance(node, ast.Attribute) or node.attr != "shape":
        return {}
    shape = shape_of(node.value, scene.names)
    return {} if shape is None else {"array": scene.expression.part(node.value), "shape": str(shape)}


# ---- names -------------------------------------------------------------------------------------------------


def _name(found: Texts, scene: Scene) -> Texts:
    close = _closest(found["name"], [*scene.names, *dir(builtins)])
    return {"reason": "name", **found, "close": close} if close else {}


def _attribute(found: Texts, scene: Scene) -> Texts:
    """What else the array or numpy has that is called alike; or else what kind of thing the object is."""
    facts = {"kind": found["kind"], "attribute": found["attribute"]}
    close = _closest(found["attribute"], OF_ARRAYS.get(found["kind"], ()))
    if close:
        return {"reason": "attribute-close", **facts, "close": close}
    node = scene.expression.node if scene.expression is not None else None
    if scene.expression is None or not isinstance(node, ast.Attribute) or found["module"]:
        return {}
    return {"reason": "attribute", **facts, "object": scene.expression.part(node.value)}


def _closest(name: str, names: Iterable[str]) -> str:
    short = [one for one in names if len(one) <= LONGEST_NAME][:MOST_NAMES]
    return next(iter(difflib.get_close_matches(name[:LONGEST_NAME], short, n=1, cutoff=0.65)), "")


def _zero(found: Texts, scene: Scene) -> Texts:
    operands = scene.operands
    return {"reason": "zero", "divisor": operands[1][0]} if len(operands) == 2 else {}


# ---- the table ---------------------------------------------------------------------------------------------

_SHAPE = r"\([\d, -]*\)"

TABLE: tuple[tuple[tuple[str, ...], re.Pattern[str], Finder], ...] = tuple(
    (exceptions, re.compile(pattern), finder)
    for exceptions, pattern, finder in (
        (
            ("ValueError",),
            r"^matmul: .*core dimension.*\(size (?P<right_size>\d+) is different from (?P<left_size>\d+)\)",
            _inner_sizes,
        ),
        (
            ("ValueError",),
            rf"^(?P<dot>shapes) {_SHAPE} and {_SHAPE} not aligned: "
            r"(?P<left_size>\d+) \(dim \d+\) != (?P<right_size>\d+) \(dim \d+\)",
            _inner_sizes,
        ),
        (("ValueError",), r"^matmul: .*does not have enough dimensions", _as("matmul-number")),
        (
            ("ValueError", "IndexError"),
            rf"broadcast together with shapes (?P<left_shape>{_SHAPE}) (?P<right_shape>{_SHAPE})$",
            _clash,
        ),
        (
            ("ValueError",),
            rf"^non-broadcastable output operand with shape (?P<kept_shape>{_SHAPE}) "
            rf"doesn't match the broadcast shape (?P<wanted_shape>{_SHAPE})",
            _in_place,
        ),
        (
            ("ValueError",),
            rf"^could not broadcast input array from shape (?P<from_shape>{_SHAPE}) "
            rf"into shape (?P<into_shape>{_SHAPE})",
            _as("assignment"),
        ),
        (
            ("ValueError",),
            rf"^cannot reshape array of size (?P<numbers>\d+) into shape (?P<shape>{_SHAPE})",
            _reshape,
        ),
        (("ValueError",), r"inhomogeneous shape", _as("ragged")),
        (("ValueError",), r"is read-only$", _as("read-only")),
        (("ValueError",), r"^The truth value of an array", _as("truth")),
        (("ValueError",), r"values to unpack \(expected (?P<expected>\d+)", _sizes_of_shape),
        (
            ("UFuncTypeError",),
            r"^Cannot cast ufunc '\w+' output from dtype\('(?P<from_dtype>\w+)'\) to dtype\('(?P<into_dtype>\w+)'\)",
            _as("cast"),
        ),
        (
            ("IndexError",),
            r"^index (?P<entry>-?\d+) is out of bounds for axis (?P<axis>\d+) with size (?P<size>\d+)",
            _entry,
        ),
        (
            ("IndexError",),
            r"^too many indices for array: array is (?P<axes>\d+)-dimensional, but (?P<indices>\d+) were",
            _as("indices"),
        ),
        (("IndexError",), r"^tuple index out of range$", _size_of_shape),
        (
            ("AxisError",),
            r"axis (?P<axis>-?\d+) is out of bounds for array of dimension (?P<axes>\d+)",
            _as("axis"),
        ),
        (("IndexError",), r"^invalid index to scalar variable", _as("number-index")),
        (("TypeError",), r"^'(?:int|float|numpy\.\w+\d)' object is not subscriptable", _as("number-index")),
        (("TypeError",), r"^len\(\) of unsized object$", _as("length")),
        (("TypeError",), r"^object of type '(?:int|float|numpy\.\w+\d)' has no len\(\)$", _as("length")),
        (("TypeError",), r"^only .* arrays can be converted to Python scalars", _as("one-number")),
        (
            ("UnboundLocalError",),
            r"^(?:cannot access )?local variable '(?P<name>\w+)' (?:where it is not associated|referenced before)",
            _as("unbound"),
        ),
        (("NameError",), r"^name '(?P<name>\w+)' is not defined", _name),
        (
            ("AttributeError",),
            r"^(?P<module>module )?'(?P<kind>[\w.]+)' (?:object )?has no attribute '(?P<attribute>\w+)'",
            _attribute,
        ),
        (("ZeroDivisionError",), r"", _zero),
        # What a student's own machine has, and the place where functions are graded has not.
        (("FileNotFoundError",), r"^\[Errno 2\] ", _as("no-file")),
        (("ModuleNotFoundError",), r"^No module named '(?P<module>[\w.]+)'", _as("no-module")),
        (("RuntimeError",), r"^can't start new thread$", _as("no-thread")),
        (("BlockingIOError",), r"^\[Errno 11\] ", _as("no-thread")),
        (("EOFError",), r"^EOF when reading a line$", _as("no-input")),
        (("PermissionError",), r"^\[Errno 1\] ", _as("not-permitted")),
    )
)
"""By name and text of the exception. The texts are those of Python 3.10 to 3.13 and numpy 1.26 to 2.x."""

FACTS_OF_REASONS: dict[str, frozenset[str]] = {
    "inner-sizes": frozenset({"operator", "left_size", "right_size"}),
    "inner-sizes-of": frozenset({"operator", "left_size", "right_size", "left", "left_shape", "right", "right_shape"}),
    "inner-sizes-turned": frozenset(
        {"operator", "left_size", "right_size", "left", "left_shape", "right", "right_shape", "turned", "turned_shape"}
    ),
    "matmul-number": frozenset(),
    "broadcast": frozenset({"left_shape", "right_shape", "axis", "left_size", "right_size"}),
    "broadcast-of": frozenset({"left_shape", "right_shape", "axis", "left_size", "right_size", "left", "right"}),
    "in-place": frozenset({"kept_shape", "wanted_shape"}),
    "assignment": frozenset({"from_shape", "into_shape"}),
    "reshape": frozenset({"numbers", "shape", "room"}),
    "ragged": frozenset(),
    "number-index": frozenset(),
    "read-only": frozenset(),
    "truth": frozenset(),
    "unpack-shape": frozenset({"array", "shape", "expected"}),
    "cast": frozenset({"from_dtype", "into_dtype"}),
    "entry": frozenset({"entry", "axis", "size", "last"}),
    "indices": frozenset({"axes", "indices"}),
    "no-size": frozenset({"array", "shape"}),
    "axis": frozenset({"axis", "axes"}),
    "length": frozenset(),
    "one-number": frozenset(),
    "unbound": frozenset({"name"}),
    "name": frozenset({"name", "close"}),
    "attribute": frozenset({"kind", "attribute", "object"}),
    "attribute-close": frozenset({"kind", "attribute", "close"}),
    "zero": frozenset({"divisor"}),
    "no-file": frozenset(),
    "no-module": frozenset({"module"}),
    "no-thread": frozenset(),
    "no-input": frozenset(),
    "not-permitted": frozenset(),
    "arguments": frozenset({"given", "parameters"}),
}
"""Each reason with all that its sentence names."""
